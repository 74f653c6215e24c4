#!/usr/bin/env node
// Asks Bolt, Slack's own framework, whether it takes a signed request, and compares.
//   node check-signatures.mjs < requests.ndjson
// A line is {"id","secret","timestamp","body","signature","want"}: want says whether ours takes it. "now", in seconds,
// sets the clock by which a request is too old; without it, it is the running one.
import bolt from '@slack/bolt';
import { read, report } from '../lib/ndjson.mjs';

const records = read();

report(
  records.flatMap((record) => {
    const refused = refusal(record);
    if (record.want === !refused) return [];
    return [{ id: record.id, error: refused ? `Bolt refuses it: ${refused}` : 'Bolt takes it' }];
  }),
  records.length,
);

/** Why Bolt refuses a request, or nothing. Bolt's receivers read the header's time by Number, and so does this. */
function refusal({ secret, timestamp, body, signature, now }) {
  try {
    bolt.verifySlackRequest({
      signingSecret: secret,
      body,
      headers: { 'x-slack-request-timestamp': Number(timestamp), 'x-slack-signature': signature },
      nowMilliseconds: now === undefined ? undefined : now * 1000,
    });
  } catch (error) {
    return error.message;
  }
}
