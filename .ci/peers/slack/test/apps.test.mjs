import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort, scripts } from '../../lib/testing.mjs';

const { start } = scripts(new URL('..', import.meta.url));
const secret = 'not a secret';

/** Posts what Slack would, signed: a form, or JSON when it is an event. */
function post(url, body, type = 'application/x-www-form-urlencoded') {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = { 'content-type': type, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
  return fetch(url, { method: 'POST', body, headers });
}

const form = (fields) => new URLSearchParams(fields).toString();
const command = (text) => form({ command: '/stance', text, team_id: 'T1', user_id: 'U2', channel_id: 'C1', trigger_id: '1.2.a', response_url: 'http://127.0.0.1/x' });

test('the echo says what it was given, and refuses what is not signed', async (t) => {
  const port = await freePort();
  const app = await start('echo.mjs', { PORT: port, SLACK_SIGNING_SECRET: secret });
  t.after(app.stop);
  const url = `http://127.0.0.1:${port}/slack/commands`;
  const answer = await post(url, command('stance peru'));
  assert.deepEqual([answer.status, await answer.text()], [200, 'stance peru']);
  assert.equal((await fetch(url, { method: 'POST', body: command('stance peru') })).status, 401);
});

/** The least of a Slack: it says yes to every call, and keeps it, with what came to its response URLs. */
async function fakeSlack(t) {
  const calls = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const text = Buffer.concat(chunks).toString();
    const json = request.headers['content-type']?.includes('json');
    calls.push([request.url, json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))]);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, user_id: 'U1', bot_id: 'B1', team_id: 'T1', channel: 'C1', ts: '1.1' }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const next = async (path) => {
    for (let waited = 0; waited < 5000; waited += 10) {
      const at = calls.findIndex(([url]) => url === path);
      if (at >= 0) return calls.splice(at, 1)[0][1];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`nothing came to ${path}: ${JSON.stringify(calls)}`);
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, next };
}

test('the calibration app uses every way in', async (t) => {
  const slack = await fakeSlack(t);
  const port = await freePort();
  const app = await start('calibrate.mjs', {
    MODE: 'http', PORT: port, SLACK_API_URL: `${slack.origin}/api/`, SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: secret,
  });
  t.after(app.stop);
  const url = `http://127.0.0.1:${port}/slack/events`;
  const event = (fields) => post(url, JSON.stringify({ type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event: fields }), 'application/json');
  const payload = (fields) => post(url, form({ payload: JSON.stringify({ team: { id: 'T1' }, user: { id: 'U2' }, channel: { id: 'C1' }, ...fields }) }));
  const click = (action_id) =>
    payload({
      type: 'block_actions', response_url: `${slack.origin}/respond`, container: { type: 'message' }, message: { ts: '1.1' },
      actions: [{ type: 'button', action_id, block_id: 'b', value: action_id }],
    });

  assert.equal(await (await post(url, command('peru'))).text(), 'stance: peru');

  await event({ type: 'app_mention', user: 'U2', text: '<@U1> peru', ts: '5.5', channel: 'C1' });
  const mention = await slack.next('/api/chat.postMessage');
  assert.deepEqual([mention.text, mention.thread_ts], ['mention: <@U1> peru', '5.5']);

  await event({ type: 'message', channel_type: 'im', user: 'U2', text: 'peru', ts: '6.6', channel: 'D1' });
  const im = await slack.next('/api/chat.postMessage');
  assert.equal(im.text, 'im: peru');
  assert.equal(JSON.parse(im.blocks)[1].elements.length, 2);

  await payload({ type: 'message_action', callback_id: 'check_this', response_url: `${slack.origin}/respond`, message: { ts: '1.1', text: 'a figure' } });
  assert.deepEqual(await slack.next('/respond'), { response_type: 'ephemeral', text: 'checked: a figure' });

  await click('again');
  assert.deepEqual(await slack.next('/respond'), { replace_original: true, text: 'again: again' });

  await click('update');
  const update = await slack.next('/api/chat.update');
  assert.deepEqual([update.text, update.channel, update.ts], ['updated: update', 'C1', '1.1']);

  await event({ type: 'app_home_opened', tab: 'home', user: 'U2', channel: 'D1' });
  assert.match((await slack.next('/api/views.publish')).view, /home of U2/);

  await event({ type: 'link_shared', user: 'U2', channel: 'C1', message_ts: '7.7', links: [{ url: 'https://example.org/a', domain: 'example.org' }] });
  assert.match((await slack.next('/api/chat.unfurl')).unfurls, /unfurled: https:\/\/example.org\/a/);
});
