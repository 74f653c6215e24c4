#!/usr/bin/env node
// A small Bot API by other hands, telegram-test-api: texts, edits and buttons, and nothing checked.
//   PORT=9321 node emulator.mjs
// Prints "ready" when it listens on 127.0.0.1. A user writes by POST /sendMessage, /sendCommand and /sendCallback, and reads
// by POST /getUpdates and /getUpdatesHistory. It knows no setMyCommands, sendChatAction, sendPhoto and answerInlineQuery.
import TelegramServer from 'telegram-test-api';

const server = new TelegramServer({ port: Number(process.env.PORT), host: '127.0.0.1', storeTimeout: 3600 });
await server.start();
console.log('ready');
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.stop().then(() => process.exit()));
