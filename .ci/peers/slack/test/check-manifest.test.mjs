import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { scripts } from '../../lib/testing.mjs';

const { check } = scripts(new URL('..', import.meta.url));
const x = (n) => 'x'.repeat(n);
const many = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const command = (more) => ({ command: '/stance', description: 'Where a country stands', ...more });
const shortcut = (more) => ({ type: 'message', name: 'Check this', callback_id: 'check_this', description: 'x', ...more });

function manifest({ display, features, scopes = ['chat:write', 'commands'], settings, ...more } = {}) {
  return {
    display_information: { name: 'Stancebot', ...display },
    features: { bot_user: { display_name: 'stancebot' }, slash_commands: [command()], shortcuts: [shortcut()], ...features },
    oauth_config: { scopes: { bot: scopes } },
    settings: { socket_mode_enabled: true, event_subscriptions: { bot_events: ['app_mention', 'message.im'] }, ...settings },
    ...more,
  };
}

const bad = [
  [{ scopes: ['chat:wrte'] }, /Did you mean '"chat:write"'/],
  [{ setings: {} }, /setings/],
  [{ features: { homepage: true } }, /homepage/],
  [{ settings: { event_subscriptions: { bot_events: ['app_mentoin'] } } }, /app_mentoin/],
  [{ settings: { interactivity: {} } }, /is_enabled/],
  [{ display: { name: x(36) } }, /name: 36/],
  [{ display: { description: x(141) } }, /description: 141/],
  [{ display: { long_description: x(4001) } }, /long_description: 4001/],
  [{ display: { background_color: 'red!' } }, /colour/],
  [{ features: { bot_user: { display_name: x(81) } } }, /display_name: 81/],
  [{ features: { bot_user: { display_name: 'Stance Bot' } } }, /name of a bot/],
  [{ features: { slash_commands: many(51, () => command()) } }, /slash_commands: 51/],
  [{ features: { slash_commands: [command({ command: 'stance' })] } }, /slash command/],
  [{ features: { slash_commands: [command({ command: `/${x(32)}` })] } }, /command: 33/],
  [{ features: { slash_commands: [command({ description: x(2001) })] } }, /description: 2001/],
  [{ features: { slash_commands: [command({ usage_hint: x(1001) })] } }, /usage_hint: 1001/],
  [{ features: { slash_commands: [command({ url: 'http://example.org' })] } }, /https/],
  [{ features: { shortcuts: many(11, () => shortcut()) } }, /shortcuts: 11/],
  [{ features: { shortcuts: [shortcut({ name: x(25) })] } }, /name: 25/],
  [{ features: { shortcuts: [shortcut({ callback_id: x(256) })] } }, /callback_id: 256/],
  [{ features: { unfurl_domains: many(6, () => 'example.org') } }, /unfurl_domains: 6/],
  [{ features: { unfurl_domains: ['https://example.org'] } }, /domain/],
  [{ settings: { event_subscriptions: { bot_events: many(101, () => 'app_mention') } } }, /bot_events: 101/],
];

test('takes what is right, and tells what is wrong', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = [{}, ...bad.map(([changes]) => changes)].map((changes, i) => {
    const file = join(folder, `${i}.json`);
    writeFileSync(file, JSON.stringify(manifest(changes)));
    return file;
  });
  const { status, failures, sum } = check('check-manifest.mjs', [], ...files);
  assert.equal(failures.get(files[0]), undefined);
  bad.forEach(([changes, words], i) => assert.match(failures.get(files[i + 1]) ?? 'not caught', words, JSON.stringify(changes).slice(0, 200)));
  assert.deepEqual([status, sum], [1, `1 passed, ${bad.length} failed`]);
  assert.deepEqual(check('check-manifest.mjs', [], files[0]).stdout, '1 passed, 0 failed\n');
});
