#!/usr/bin/env node
// Asks Telegram's own parser what it makes of messages in HTML.
//   node check-html.mjs < messages.ndjson
// A line is {"id","text"}, with "caption": true for that of a picture, which is shorter. "plain" is what the text is to
// say when it is parsed; joiners, which nobody sees, count on neither side. "live" names what may become live by itself:
// of mention, hashtag, cashtag, bot_command, url, email, phone and bank_card; without it nothing may, outside of links.
import { read, report } from '../lib/ndjson.mjs';
import { linkFaults } from './lib/links.mjs';
import { liveFaults } from './lib/live.mjs';
import { parse } from './lib/tdlib.mjs';

const limits = { text: 4096, caption: 1024, entities: 100, bytes: 32_768 };

const records = read();
report(records.flatMap((record) => [...faults(record)].map((error) => ({ id: record.id, error }))), records.length);

function* faults({ text: html, caption = false, plain, live = [] }) {
  if (typeof html !== 'string') {
    yield 'text is no text';
    return;
  }
  const bytes = Buffer.byteLength(html);
  if (bytes > limits.bytes) yield `${bytes} bytes as it is sent, at most ${limits.bytes}`;
  const { error, text, entities } = parse(html);
  if (error) {
    yield error;
    return;
  }
  const most = caption ? limits.caption : limits.text;
  if (!withoutJoiners(text).trim()) yield 'nothing is left of it when it is parsed';
  if (text.length > most) yield `${text.length} characters when it is parsed, at most ${most}`;
  if (entities.length > limits.entities) yield `${entities.length} entities, at most ${limits.entities}`;
  yield* linkFaults(html, entities);
  yield* liveFaults(text, entities, live);
  if (plain !== undefined && withoutJoiners(plain) !== withoutJoiners(text)) yield difference(withoutJoiners(text), withoutJoiners(plain));
}

function withoutJoiners(text) {
  return text.replaceAll('\u2060', '');
}

/** Where two texts part, with a little of both. */
function difference(got, want) {
  let at = 0;
  while (got[at] === want[at]) at++;
  const from = Math.max(at - 10, 0);
  const shown = (text) => JSON.stringify(text.slice(from, at + 30));
  return `it says ${shown(got)} and not ${shown(want)}, from ${at} on`;
}
