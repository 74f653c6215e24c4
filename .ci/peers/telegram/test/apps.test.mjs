import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort, scripts } from '../../lib/testing.mjs';

const { start } = scripts(new URL('..', import.meta.url));
const token = '123456:TEST';
const secret = 'not-a-secret';
const json = { 'content-type': 'application/json' };
const ana = { id: 7, is_bot: false, first_name: 'Ana' };

const post = async (url, body, headers) => {
  const response = await fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};

test('the echo answers by one call, and refuses what does not bear the secret', async (t) => {
  const calls = [];
  const api = createServer(async (request, response) => {
    calls.push([request.url, JSON.parse(Buffer.concat(await request.toArray()).toString())]);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, result: { message_id: 1 } }));
  });
  await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve));
  t.after(() => api.close());
  t.after(() => api.closeAllConnections());
  const port = await freePort();
  const app = await start('echo.mjs', {
    PORT: port, TELEGRAM_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: secret, TELEGRAM_API_URL: `http://127.0.0.1:${api.address().port}`,
  });
  t.after(app.stop);
  const url = `http://127.0.0.1:${port}/telegram/webhook`;
  const update = { update_id: 1, message: { message_id: 5, date: 1, chat: { id: 7, type: 'private' }, from: ana, text: '/stance Peru' } };
  assert.equal((await post(url, update)).status, 401);
  assert.equal((await post(url, update, { 'x-telegram-bot-api-secret-token': 'another' })).status, 401);
  assert.deepEqual(calls, []);
  assert.deepEqual(await post(url, update, { 'x-telegram-bot-api-secret-token': secret }), { status: 200, text: '' });
  assert.deepEqual(calls, [[`/bot${token}/sendMessage`, { chat_id: 7, text: '/stance Peru' }]]);
});

test('the emulator carries what a user says to a bot, and back', async (t) => {
  const port = await freePort();
  const app = await start('emulator.mjs', { PORT: port });
  t.after(app.stop);
  const url = `http://127.0.0.1:${port}`;
  const call = async (method, body) => JSON.parse((await post(`${url}/bot${token}/${method}`, body)).text).result;
  await post(`${url}/sendMessage`, { botToken: token, from: ana, chat: { id: 7, type: 'private' }, date: 1, text: 'peru' });
  const [{ message }] = await call('getUpdates', {});
  assert.deepEqual([message.text, message.chat.id], ['peru', 7]);
  await call('sendMessage', { chat_id: 7, text: 'Peru leans' });
  const heard = JSON.parse((await post(`${url}/getUpdates`, { token, chatId: 7 })).text);
  assert.equal(heard.result[0].message.text, 'Peru leans');
});
