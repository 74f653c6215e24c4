#!/usr/bin/env node
// The least that a Bolt app can do: it takes /stance and says what it was given. Benchmarks hold the program against it.
//   PORT=3000 SLACK_SIGNING_SECRET=… node echo.mjs
// Prints "ready" when it listens on 127.0.0.1, at /slack/commands.
import bolt from '@slack/bolt';

const { PORT, SLACK_SIGNING_SECRET } = process.env;

const app = new bolt.App({
  signingSecret: SLACK_SIGNING_SECRET,
  endpoints: '/slack/commands',
  // The same answer for everyone, so that nothing is asked of Slack.
  authorize: async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'U1' }),
  logLevel: bolt.LogLevel.ERROR,
});

app.command('/stance', async ({ command, ack }) => ack(command.text));

await app.start({ port: Number(PORT), host: '127.0.0.1' });
console.log('ready');
