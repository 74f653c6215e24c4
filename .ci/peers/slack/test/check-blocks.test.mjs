import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { free, shape } from '../lib/shapes.mjs';
import { scripts } from '../../lib/testing.mjs';

const { check } = scripts(new URL('..', import.meta.url));
const x = (n) => 'x'.repeat(n);
const many = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const mrkdwn = (text) => ({ type: 'mrkdwn', text });
const plain = (text) => ({ type: 'plain_text', text });
const section = (text, more) => ({ type: 'section', text: mrkdwn(text), ...more });
const button = (more) => ({ type: 'button', text: plain('Why'), ...more });
const actions = (...elements) => ({ type: 'actions', elements });
const image = (more) => ({ type: 'image', image_url: 'https://example.org/a.png', alt_text: 'A chart: 7 of 7.', ...more });
const select = (...options) => actions({ type: 'static_select', action_id: 'pick', options });
const option = (text) => ({ text: plain(text), value: 'v' });
const table = (rows) => ({ type: 'table', rows: rows.map((row) => row.map((text) => ({ type: 'raw_text', text }))) });
const modal = (more) => ({ type: 'modal', title: plain('Check'), blocks: [section('x')], ...more });
const message = (...blocks) => ({ text: 'x', blocks });
const view = (more) => ({ view: { type: 'home', blocks: [section('x')], ...more } });
const input = { type: 'input', label: plain('Question'), element: { type: 'plain_text_input', action_id: 'q' } };

const good = {
  plain: message(section('x')),
  longest: message(section('😀'.repeat(3000)), { type: 'header', text: plain(x(150)) }),
  fallback: { text: x(4000), blocks: [section('x')] },
  fields: message({ type: 'section', fields: many(10, () => mrkdwn(x(2000))) }),
  buttons: message(actions(...many(25, (i) => button({ action_id: `b${i}`, value: x(2000), url: 'https://example.org' })))),
  accessory: message(section('x', { accessory: image() })),
  context: message({ type: 'context', elements: [mrkdwn('x'), plain('y'), image()] }),
  blocks: message(...many(50, () => ({ type: 'divider' }))),
  select: message(select(option(x(75)))),
  table: message(table(many(100, () => many(20, () => 'xxxxx')))),
  markdown: message({ type: 'markdown', text: x(12000) }),
  escaped: message(section('&lt;!channel&gt; <!date^1|today> <@U1> <#C1>')),
  home: view({ blocks: many(100, () => ({ type: 'divider' })) }),
  modal: { view: modal({ blocks: [input], submit: plain('Check'), private_metadata: x(3000) }) },
  unfurl: { unfurl: { blocks: [section('x')] } },
  separators: message(section('a\u2028b\u2029c'), { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: 'https://a.org/\u2028' }] }] }),
};

// What each must be told for, in part.
const bad = {
  'unknown block': [message({ type: 'sectoin', text: mrkdwn('x') }), /Did you mean '"section"'/],
  'unknown key': [message(section('x', { colour: 'red' })), /colour/],
  'unknown style': [message(actions(button({ style: 'green' }))), /green/],
  'unknown element': [message(actions({ type: 'buton', text: plain('x') })), /buton/],
  'mrkdwn in a header': [message({ type: 'header', text: mrkdwn('x') }), /plain_text/],
  'mrkdwn on a button': [message(actions({ type: 'button', text: mrkdwn('x') })), /plain_text/],
  'text as a string': [message({ type: 'section', text: 'x' }), /TextObject|MrkdwnElement|not assignable/],
  'number as a text': [message(section(7)), /number/],
  'button value that is no string': [message(actions(button({ value: 7 }))), /number/],
  'blocks that are no list': [{ text: 'x', blocks: section('x') }, /blocks/],
  'no blocks key': [{ text: 'x' }, /blocks/],
  'text that is no string': [{ text: 7, blocks: [section('x')] }, /text/],
  'unknown block of a view': [view({ blocks: [{ type: 'sectoin' }] }), /sectoin/],
  'unknown key of a view': [view({ colour: 'red' }), /colour/],
  'unknown view': [view({ type: 'house' }), /house/],
  'modal without a title': [{ view: modal({ title: undefined }) }, /title/],
  'unknown key of an unfurl': [{ unfurl: { blocks: [section('x')], colour: 'red' } }, /colour/],
  'no fallback': [{ blocks: [section('x')] }, /fallback/],
  'empty fallback': [{ text: ' ', blocks: [section('x')] }, /fallback/],
  'long fallback': [{ text: x(4001), blocks: [section('x')] }, /text: 4001, at most 4000/],
  'no blocks': [message(), /blocks: 0, at least 1/],
  'too many blocks': [message(...many(51, () => ({ type: 'divider' }))), /blocks: 51, at most 50/],
  'too many blocks of a view': [view({ blocks: many(101, () => ({ type: 'divider' })) }), /blocks: 101/],
  'empty text': [message(section('')), /text.text: 0, at least 1/],
  'long text': [message(section(x(3001))), /text.text: 3001, at most 3000/],
  'neither text nor fields': [message({ type: 'section' }), /text or fields/],
  'too many fields': [message({ type: 'section', fields: many(11, () => mrkdwn('x')) }), /fields: 11/],
  'long field': [message({ type: 'section', fields: [mrkdwn(x(2001))] }), /fields\[0\].text: 2001/],
  'long header': [message({ type: 'header', text: plain(x(151)) }), /151/],
  'too much context': [message({ type: 'context', elements: many(11, () => mrkdwn('x')) }), /elements: 11/],
  'no context': [message({ type: 'context', elements: [] }), /elements: 0/],
  'too many actions': [message(actions(...many(26, () => button()))), /elements: 26/],
  'long button': [message(actions(button({ text: plain(x(76)) }))), /text.text: 76/],
  'long value': [message(actions(button({ value: x(2001) }))), /value: 2001/],
  'long link': [message(actions(button({ url: `https://${x(3000)}` }))), /url: 3008/],
  'long label': [message(actions(button({ accessibility_label: x(76) }))), /accessibility_label: 76/],
  'long action_id': [message(actions(button({ action_id: x(256) }))), /action_id: 256/],
  'long block_id': [message(section('x', { block_id: x(256) })), /block_id: 256/],
  'same block_id': [message(section('x', { block_id: 'a' }), section('y', { block_id: 'a' })), /block_id "a"/],
  'same action_id': [message(actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))), /action_id "a"/],
  'same action_id as an accessory': [message(section('x', { accessory: button({ action_id: 'a' }) }), actions(button({ action_id: 'a' }))), /action_id "a"/],
  'too many options': [message(select(...many(101, () => option('x')))), /options: 101/],
  'long option': [message(select(option(x(76)))), /options\[0\].text.text: 76/],
  'long overflow': [message(actions({ type: 'overflow', action_id: 'o', options: many(6, () => option('x')) })), /options: 6, at most 5/],
  'long confirmation': [message(actions(button({ confirm: { title: plain(x(101)), text: plain(x(301)), confirm: plain(x(31)), deny: plain('No') } }))), /101[^]*301[^]*31/],
  'no alt_text': [message(image({ alt_text: undefined })), /alt_text is missing/],
  'empty alt_text': [message(image({ alt_text: ' ' })), /alt_text is missing/],
  'empty alt_text of an accessory': [message(section('x', { accessory: image({ alt_text: '' }) })), /alt_text is missing/],
  'long alt_text': [message(image({ alt_text: x(2001) })), /alt_text: 2001/],
  'two pictures in one': [message(image({ slack_file: { id: 'F1' } })), /not both/],
  'two tables': [message(table([['a']]), table([['b']])), /at most 1 in a message/],
  'too many rows': [message(table(many(101, () => ['x']))), /rows: 101/],
  'too many columns': [message(table([many(21, () => 'x')])), /rows\[0\]: 21/],
  'empty cell': [message(table([['']])), /rows\[0\]\[0\].text: 0/],
  'too much in a table': [message(table(many(11, () => [x(1000)]))), /11000 characters in all cells/],
  'too much markdown': [message({ type: 'markdown', text: x(7000) }, { type: 'markdown', text: x(5001) }), /12001 characters in all/],
  'calls the channel': [message(section('hello <!channel>')), /calls a whole/],
  'calls who is here': [message({ type: 'context', elements: [mrkdwn('<!here|here>')] }), /calls a whole/],
  'calls everyone': [message(section('x', { fields: [mrkdwn('<!everyone>')] })), /calls a whole/],
  'calls a group': [message(section('<!subteam^S1|desk>')), /calls a whole/],
  'calls in the fallback': [{ text: '<!channel>', blocks: [section('x')] }, /calls a whole/],
  'calls in markdown': [message({ type: 'markdown', text: '<!here>' }), /calls a whole/],
  'calls in rich text': [message({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }] }), /calls a whole/],
  'calls in a view': [view({ blocks: [section('<!channel>')] }), /calls a whole/],
  'long title': [{ view: modal({ title: plain(x(25)) }) }, /title.text: 25/],
  'long submit': [{ view: modal({ submit: plain(x(25)) }) }, /submit.text: 25/],
  'long callback_id': [{ view: modal({ callback_id: x(256) }) }, /callback_id: 256/],
  'long private_metadata': [{ view: modal({ private_metadata: x(3001) }) }, /private_metadata: 3001/],
  'input without submit': [{ view: modal({ blocks: [input] }) }, /submit is missing/],
  'too many blocks of an unfurl': [{ unfurl: { blocks: many(51, () => ({ type: 'divider' })) } }, /blocks: 51/],
};

test('takes what is right, and tells all that is wrong by its id', () => {
  const records = [
    ...Object.entries(good).map(([id, record]) => ({ id, ...record })),
    ...Object.entries(bad).map(([id, [record]]) => ({ id, ...record })),
  ];
  const { status, failures, sum, stderr } = check('check-blocks.mjs', records);
  assert.equal(stderr, '');
  for (const id of Object.keys(good)) assert.equal(failures.get(id), undefined, id);
  for (const [id, [, told]] of Object.entries(bad)) assert.match(failures.get(id) ?? 'not caught', told, id);
  assert.equal(sum, `${Object.keys(good).length} passed, ${Object.keys(bad).length} failed`);
  assert.equal(status, 1);
});

test('passes when all passes, and when there is nothing', () => {
  const { status, sum } = check('check-blocks.mjs', [{ id: 1, ...good.plain }]);
  assert.deepEqual([status, sum], [0, '1 passed, 0 failed']);
  assert.deepEqual(check('check-blocks.mjs', []).sum, '0 passed, 0 failed');
});

test('refuses a line that is no JSON', () => {
  const { status, stderr } = check('check-blocks.mjs', '{}}');
  assert.equal(status, 2);
  assert.match(stderr, /line 1 is no JSON/);
});

test('finds one fault among many payloads of many shapes', () => {
  const records = many(3000, (i) => ({ id: i, ...message(section('x'), { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: i, elements: [] }] }) }));
  records[2345].blocks[1].elements[0].style = 'bulet';
  const { failures, sum } = check('check-blocks.mjs', records);
  assert.equal(sum, '2999 passed, 1 failed');
  assert.match(failures.get(2345), /blocks\[1\].*bulet/);
});

test('a shape leaves out only texts that a type cannot depend on', () => {
  const folder = new URL('../node_modules/@slack/types/dist/', import.meta.url);
  const files = ['views.d.ts', 'message-attachments.d.ts', ...readdirSync(new URL('block-kit/', folder)).map((file) => `block-kit/${file}`)];
  const text = files.filter((file) => file.endsWith('.d.ts')).map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  for (const key of free) {
    const declared = [...text.matchAll(new RegExp(`^\\s+${key}\\??: (.*);$`, 'gm'))].map(([, type]) => type);
    assert.notEqual(declared.length, 0, `${key} is declared nowhere`);
    for (const type of declared) assert.doesNotMatch(type, /['"`]/, `${key} has words of its own: ${type}`);
  }
  assert.deepEqual(shape({ type: 'a', text: 'b', value: 1, list: [{ text: 'c' }, { text: 'd' }, 'e'] }), { type: 'a', text: '', value: 0, list: [{ text: '' }, 'e'] });
});
