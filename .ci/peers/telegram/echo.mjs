#!/usr/bin/env node
// The least that a grammY bot can do: it answers each message with its text, by one call. Benchmarks hold the program
// against it.
//   PORT=3000 TELEGRAM_TOKEN=123456:TEST TELEGRAM_WEBHOOK_SECRET=… TELEGRAM_API_URL=http://127.0.0.1:… node echo.mjs
// Prints "ready" when it listens on 127.0.0.1, at /telegram/webhook.
import { createServer } from 'node:http';
import { Bot, webhookCallback } from 'grammy';

const { PORT, TELEGRAM_TOKEN, TELEGRAM_WEBHOOK_SECRET, TELEGRAM_API_URL } = process.env;

const bot = new Bot(TELEGRAM_TOKEN, {
  client: { apiRoot: TELEGRAM_API_URL },
  // Said here, so that it need not be asked.
  botInfo: { id: 123456, is_bot: true, first_name: 'Echo', username: 'echo_bot' },
});

bot.on('message:text', (ctx) => ctx.reply(ctx.message.text));

const take = webhookCallback(bot, 'http', { secretToken: TELEGRAM_WEBHOOK_SECRET });

const server = createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/telegram/webhook') {
    response.writeHead(404).end();
    return;
  }
  take(request, response).catch((error) => {
    console.error(`error: ${error.message}`);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
