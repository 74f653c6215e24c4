import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scripts } from '../../lib/testing.mjs';

const { check } = scripts(new URL('..', import.meta.url));
const x = (n) => 'x'.repeat(n);
const link = (url, text = 'UN') => `<a href="${url}">${text}</a>`;

const good = {
  plain: { text: 'Peru leans against', plain: 'Peru leans against' },
  styles: { text: '<b>Peru</b> <i>leans</i> <code>7</code> <blockquote expandable>so</blockquote>', plain: 'Peru leans 7 so' },
  escaped: { text: 'a &lt; b &amp;&amp; &quot;c&quot; &#34;&#39;', plain: 'a < b && "c" "\'' },
  longest: { text: `<b>${x(4096)}</b>` },
  'longest in UTF-16': { text: '😀'.repeat(2048) },
  caption: { text: x(1024), caption: true },
  link: { text: link('https://en.wikipedia.org/wiki/X_(Y)?a=1&amp;b=2#c') },
  'spellings of a link': { text: `${link('HTTPS://UN.org')} <a href='https://un.org/é'>é</a> ${link('tg://user?id=12', 'ana')}` },
  'nothing live in a link': { text: link('https://un.org', 'un.org @desk #tag /start') },
  'nothing live in code': { text: '<code>/stance peru</code> <pre>un.org</pre>' },
  'parted by a joiner': { text: 'un\u2060.org @\u2060desk #\u2060tag', plain: 'un.org @desk #tag' },
  'joiners wanted, too': { text: 'a', plain: 'a\u2060' },
  allowed: { text: 'try /help or un.org', live: ['bot_command', 'url'] },
  numbers: { text: '12 + 7, 1,234,567.89 and 2024-10-24 at 14:05, A/RES/79/3, +12 points, 50 % + 3' },
  entities: { text: '<b>x</b> '.repeat(100) },
};

// What each must be told for.
const bad = {
  'a bare <': [{ text: 'a < b' }, /Unsupported start tag/],
  'unknown tag': [{ text: 'a<br>b' }, /Unsupported start tag "br"/],
  'tags that cross': [{ text: '<b><i>x</b></i>' }, /Unmatched end tag/],
  'a tag that is open': [{ text: '<b>x' }, /Can't find end tag/],
  'no text': [{ text: 7 }, /no text/],
  empty: [{ text: '' }, /nothing is left/],
  'empty when parsed': [{ text: '<b> </b>\u2060' }, /nothing is left/],
  'empty caption': [{ text: ' ', caption: true }, /nothing is left/],
  long: [{ text: x(4097) }, /4097 characters.*at most 4096/],
  'long in UTF-16': [{ text: `${'😀'.repeat(2048)}x` }, /4097 characters/],
  'long caption': [{ text: x(1025), caption: true }, /1025 characters.*at most 1024/],
  'long as it is sent': [{ text: link(`https://un.org/${x(33_000)}`) }, /bytes as it is sent/],
  'many entities': [{ text: '<b>x</b> '.repeat(101) }, /101 entities/],
  script: [{ text: link('javascript:alert(1)') }, /1 links written, 0 survived; lost: javascript/],
  'unknown scheme': [{ text: `${link('https://un.org')} ${link('ftp://un.org')}` }, /2 links written, 1 survived; lost: ftp:/],
  'a link around nothing': [{ text: `x${link('https://un.org', '')}` }, /1 links written, 0 survived/],
  mailto: [{ text: link('mailto:ana@un.org') }, /leads to http:\/\/mailto:ana/],
  'an entity that Telegram does not know': [{ text: 'a&nbsp;b', plain: 'a\u00a0b' }, /it says "a&nbsp;b"/],
  'other words': [{ text: '<b>Peru</b> leans against', plain: 'Peru leans apart' }, /from 12 on/],
  'words left out': [{ text: 'Peru', plain: 'Peru leans' }, /from 4 on/],
  mention: [{ text: 'ask @desk_peru' }, /mention "@desk_peru"/],
  hashtag: [{ text: 'see #peru' }, /hashtag "#peru"/],
  cashtag: [{ text: 'in $USD' }, /cashtag "\$USD"/],
  command: [{ text: 'try /help' }, /bot_command "\/help"/],
  url: [{ text: 'see un.org' }, /url "un.org"/],
  email: [{ text: 'write to ana@un.org' }, /email "ana@un.org"/],
  phone: [{ text: 'call +1 (202) 555-0123' }, /phone "\+1 \(202\) 555-0123"/],
  'live beside a link': [{ text: `${link('https://un.org')} @desk` }, /mention "@desk"/],
  'live in bold': [{ text: '<b>un.org</b>' }, /url "un.org"/],
  'other things allowed': [{ text: 'try /help', live: ['url'] }, /bot_command/],
  'no such thing allowed': [{ text: 'try', live: ['command'] }, /there is no command/],
};

test('takes what is right, and tells all that is wrong by its id', () => {
  const records = [
    ...Object.entries(good).map(([id, record]) => ({ id, ...record })),
    ...Object.entries(bad).map(([id, [record]]) => ({ id, ...record })),
  ];
  const { status, failures, sum, stderr } = check('check-html.mjs', records);
  assert.equal(stderr, '');
  for (const id of Object.keys(good)) assert.equal(failures.get(id), undefined, id);
  for (const [id, [, told]] of Object.entries(bad)) {
    assert.match(failures.get(id) ?? 'not caught', told, id);
    assert.equal(failures.get(id).trim().split('\n').length, 1, `${id}: ${failures.get(id)}`);
  }
  assert.equal(sum, `${Object.keys(good).length} passed, ${Object.keys(bad).length} failed`);
  assert.equal(status, 1);
});

test('passes when all passes, among many', () => {
  const records = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `<b>${id}</b> &amp; ${link(`https://un.org/${id}`)}`, plain: `${id} & UN` }));
  const { status, sum } = check('check-html.mjs', records);
  assert.deepEqual([status, sum], [0, '20000 passed, 0 failed']);
});
