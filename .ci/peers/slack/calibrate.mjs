#!/usr/bin/env node
// A Bolt app that uses every way in that Slack has for us. A fake Slack that it can live with is one that ours can be
// tested against: what the fake says wrong, Slack's own framework does not understand.
//   MODE=socket|http PORT=… SLACK_API_URL=http://127.0.0.1:…/api/ SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=…
//   SLACK_SIGNING_SECRET=… node calibrate.mjs
// Prints "ready" when it is connected, or listens on 127.0.0.1, where all comes in at /slack/events, /slack/commands and
// /slack/interactions alike. Replies:
//   /stance TEXT               ack: "stance: TEXT"
//   app_mention                chat.postMessage in the thread: "mention: TEXT"
//   message.im                 chat.postMessage: "im: TEXT", with the buttons "again" and "update"
//   shortcut "check_this"      response_url, ephemeral: "checked: TEXT of the message"
//   button "again"             response_url, replace_original: "again: VALUE"
//   button "update"            chat.update of its message: "updated: VALUE"
//   app_home_opened, tab home  views.publish: one section, "home of USER"
//   link_shared                chat.unfurl: for each URL one section, "unfurled: URL"
// An error of any of them is a line "error: …" on standard error.
import bolt from '@slack/bolt';

const { MODE, PORT, SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET } = process.env;
const socketMode = MODE === 'socket';

const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  socketMode,
  endpoints: ['/slack/events', '/slack/commands', '/slack/interactions'],
  appToken: socketMode ? SLACK_APP_TOKEN : undefined,
  logLevel: bolt.LogLevel.ERROR,
  // A call that fails is to be seen, not repeated for half an hour.
  clientOptions: { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 } },
});

const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (name) => ({ type: 'button', action_id: name, value: name, text: { type: 'plain_text', text: name } });

app.command('/stance', ({ command, ack }) => ack(`stance: ${command.text}`));

app.event('app_mention', ({ event, say }) => say({ text: `mention: ${event.text}`, thread_ts: event.thread_ts ?? event.ts }));

app.message(async ({ message, say }) => {
  if (message.channel_type !== 'im') return;
  const text = `im: ${message.text}`;
  await say({ text, blocks: [section(text), { type: 'actions', elements: [button('again'), button('update')] }] });
});

app.shortcut('check_this', async ({ shortcut, ack, respond }) => {
  await ack();
  await respond({ response_type: 'ephemeral', text: `checked: ${shortcut.message.text}` });
});

app.action('again', async ({ action, ack, respond }) => {
  await ack();
  await respond({ replace_original: true, text: `again: ${action.value}` });
});

app.action('update', async ({ action, body, ack, client }) => {
  await ack();
  const text = `updated: ${action.value}`;
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text, blocks: [section(text)] });
});

app.event('app_home_opened', async ({ event, client }) => {
  if (event.tab !== 'home') return;
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section(`home of ${event.user}`)] } });
});

app.event('link_shared', ({ event, client }) => {
  const unfurls = Object.fromEntries(event.links.map(({ url }) => [url, { blocks: [section(`unfurled: ${url}`)] }]));
  return client.chat.unfurl({ channel: event.channel, ts: event.message_ts, unfurls });
});

app.error(async (error) => console.error(`error: ${error.message}`));

await app.start(socketMode ? undefined : { port: Number(PORT), host: '127.0.0.1' });
console.log('ready');
