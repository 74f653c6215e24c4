import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { scripts } from '../../lib/testing.mjs';
import { free, names, shape, shapeOfForm } from '../lib/shapes.mjs';

const { check } = scripts(new URL('..', import.meta.url));
const call = (method, params, more) => ({ method, params, ...more });
const json = JSON.stringify;
const send = (more) => call('sendMessage', { chat_id: '-100200', text: 'Peru', ...more });
const keys = (button) => json({ inline_keyboard: [[button]] });

const good = {
  least: send(),
  most: send({
    parse_mode: 'HTML', message_thread_id: '5', disable_notification: 'true', link_preview_options: json({ is_disabled: true }),
    reply_parameters: json({ message_id: 7, allow_sending_without_reply: true }),
    reply_markup: keys({ text: 'Why', callback_data: 'why peru' }),
  }),
  'a text like JSON': send({ text: '{"a": 1}' }),
  'a text like a list': send({ text: '[1] Peru' }),
  'a text like a number': send({ text: '7' }),
  'a channel by its name': send({ chat_id: '@desk' }),
  'no parameters': call('getMe', {}),
  'none at all': { method: 'getMe' },
  webhook: call('setWebhook', { url: 'https://example.org/telegram/webhook', secret_token: 's', max_connections: '40', allowed_updates: json(['message', 'callback_query']) }),
  polling: call('getUpdates', { offset: '-1', timeout: '50', allowed_updates: '[]' }),
  menu: call('setMyCommands', { commands: json([{ command: 'help', description: 'Help' }]), scope: json({ type: 'all_group_chats' }), language_code: 'es' }),
  inline: call('answerInlineQuery', {
    inline_query_id: '77', is_personal: 'true', cache_time: '0', next_offset: '', button: json({ text: 'Ask', start_parameter: 'x' }),
    results: json([{ type: 'article', id: '1', title: 'Peru', input_message_content: { message_text: 'x', parse_mode: 'HTML' } }]),
  }),
  edit: call('editMessageText', { inline_message_id: 'AbC', text: 'x' }),
  typing: call('sendChatAction', { chat_id: '1', action: 'typing' }),
  'a file by its name': call('sendPhoto', { chat_id: '1', photo: 'AgACAgIAAx' }),
  'a file': call('sendPhoto', { chat_id: '1', caption: 'x' }, { files: ['photo'] }),
  'files in JSON': call('sendMediaGroup', { chat_id: '1', media: json([{ type: 'photo', media: 'attach://a' }, { type: 'photo', media: 'AgAC' }]) }),
  certificate: call('setWebhook', { url: 'https://example.org' }, { files: ['certificate'] }),
  separators: send({ text: 'a\u2028b', reply_markup: keys({ text: 'a\u2029b', url: 'https://a.org' }) }),
};

// What each must be told for.
const bad = {
  'unknown method': [call('sendMesage', { chat_id: '1', text: 'x' }), /method: .*sendMesage/],
  'no method': [{ params: {} }, /method: /],
  'unknown parameter': [send({ chatid: '1' }), /^chatid: the method has no such parameter/],
  'parameter of another method': [send({ show_alert: 'true' }), /^show_alert: the method has no such parameter/],
  'parameter that is gone': [send({ disable_web_page_preview: 'true' }), /^disable_web_page_preview: the method has no such parameter/],
  'parameter that is deprecated': [send({ reply_to_message_id: '7' }), /^reply_to_message_id: the method has no such parameter/],
  'parameter of a method that has none': [call('getMe', { chat_id: '1' }), /^chat_id: the method has no such parameter/],
  'upload of no parameter': [call('sendPhoto', { chat_id: '1', photo: 'x' }, { files: ['foto'] }), /^foto: the method has no such parameter/],
  'missing text': [call('sendMessage', { chat_id: '1' }), /'text' is missing/],
  'missing all': [call('sendMessage', {}), /missing.*chat_id, text/],
  'unknown parse_mode': [send({ parse_mode: 'html' }), /parse_mode: .*"html"/],
  'unknown action': [call('sendChatAction', { chat_id: '1', action: 'writing' }), /action: .*"writing"/],
  'unknown language': [call('getMyCommands', { language_code: 'english' }), /language_code: .*"english"/],
  'no number': [send({ message_thread_id: 'five' }), /message_thread_id: .*number/],
  'empty number': [send({ message_thread_id: '' }), /message_thread_id: .*number/],
  'no boolean': [send({ disable_notification: '1' }), /disable_notification: .*true/],
  'a number that is none of a form': [send({ chat_id: 7 }), /chat_id: .*number/],
  'object that is no JSON': [send({ reply_parameters: '7' }), /reply_parameters: .*null/],
  'broken JSON': [send({ reply_parameters: '{"message_id":7' }), /reply_parameters: .*null/],
  'list for an object': [send({ reply_parameters: '[7]' }), /reply_parameters: /],
  'text for a number in JSON': [send({ reply_parameters: json({ message_id: '7' }) }), /reply_parameters: .*string.*number/],
  'number for a text in JSON': [send({ reply_markup: keys({ text: 7, callback_data: 'x' }) }), /reply_markup: .*number/],
  'unknown key in JSON': [send({ link_preview_options: json({ disabled: true }) }), /link_preview_options: .*"disabled"/],
  'missing key in JSON': [send({ reply_markup: keys({ callback_data: 'x' }) }), /reply_markup: .*text/],
  'button that does nothing': [send({ reply_markup: keys({ text: 'x' }) }), /reply_markup: /],
  'unknown update': [call('getUpdates', { allowed_updates: json(['mesage']) }), /allowed_updates: .*mesage/],
  'unknown scope': [call('setMyCommands', { commands: '[]', scope: json({ type: 'all_groups' }) }), /scope: .*all_groups/],
  'unknown result': [call('answerInlineQuery', { inline_query_id: '1', results: json([{ type: 'artcle', id: '1', title: 'x', input_message_content: { message_text: 'x' } }]) }), /results: .*artcle/],
  'upload where none belongs': [call('sendMessage', { chat_id: '1', text: 'x' }, { files: ['parse_mode'] }), /parse_mode: .*attach/],
  'certificate that is no upload': [call('setWebhook', { url: 'https://example.org', certificate: 'x' }), /certificate: .*attach/],
  'two faults': [send({ parse_mode: 'html', message_thread_id: 'x' }), /parse_mode: [^]*message_thread_id: /],
};

test('takes what is right, and tells all that is wrong by its id', () => {
  const records = [
    ...Object.entries(good).map(([id, record]) => ({ id, ...record })),
    ...Object.entries(bad).map(([id, [record]]) => ({ id, ...record })),
  ];
  const { status, failures, sum, stderr } = check('check-calls.mjs', records);
  assert.equal(stderr, '');
  for (const id of Object.keys(good)) assert.equal(failures.get(id), undefined, id);
  for (const [id, [, told]] of Object.entries(bad)) assert.match(failures.get(id) ?? 'not caught', told, id);
  for (const id of Object.keys(bad)) assert.equal(failures.get(id).trim().split('\n').length, id === 'two faults' ? 2 : 1, `${id}: ${failures.get(id)}`);
  assert.equal(sum, `${Object.keys(good).length} passed, ${Object.keys(bad).length} failed`);
  assert.equal(status, 1);
});

test('finds one fault among thousands', () => {
  const records = Array.from({ length: 20_000 }, (_, id) => ({
    id,
    ...send({ chat_id: String(id), text: `no. ${id}`, reply_parameters: json({ message_id: id }), reply_markup: keys({ text: `no. ${id}`, callback_data: `do ${id}` }) }),
  }));
  records[12_345].params.reply_markup = keys({ text: 'x', callback_dat: 'x' });
  const { failures, sum } = check('check-calls.mjs', records);
  assert.equal(sum, '19999 passed, 1 failed');
  assert.match(failures.get(12_345), /reply_markup: .*callback_dat/);
});

test('a shape leaves out only what a type cannot depend on', () => {
  const folder = new URL('../node_modules/@grammyjs/types/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.d.ts'));
  const text = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const declared = [...text.matchAll(/^\s+(\w+)\??: (.*);$/gm)].filter(([, key]) => free(key));
  const plain = (type) => ['string', 'number', 'undefined', 'never', 'RichText'].includes(type) || text.includes(`interface ${type} `);
  for (const [, key, type] of declared) assert.ok(type.split(' | ').every(plain), `${key} is more than any text or number: ${type}`);
  const keys = declared.map(([, key]) => key);
  for (const key of names) assert.ok(keys.includes(key), `${key} is declared nowhere`);
  assert.deepEqual(shape({ type: 'a', text: 'b', user_id: 7, n: 1, list: [{ text: 'c' }, { text: 'd' }, 'e'] }), { type: 'a', text: '', user_id: 0, n: 1, list: [{ text: '' }, 'e'] });
  assert.deepEqual(['7', '-7', '07', 'a', ''].map((value) => shapeOfForm(value, 'chat_id')), ['0', '0', 'x', 'x', '']);
  assert.equal(shapeOfForm('HTML', 'parse_mode'), 'HTML');
});
