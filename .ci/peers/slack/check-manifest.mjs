#!/usr/bin/env node
// Checks manifests of apps against Slack's own type and documented limits.
//   node check-manifest.mjs FILE.json…
import { readFileSync } from 'node:fs';
import { beyond } from './lib/limits.mjs';
import { report } from '../lib/ndjson.mjs';
import { mismatches } from '../lib/tsc.mjs';

// Slack's type takes any further key at the top, and so a misspelt one; Named leaves that out.
const imports =
  "import type { AppsManifestValidateArguments } from '@slack/web-api'; " +
  "type Manifest = AppsManifestValidateArguments['manifest']; " +
  'type Named = { [K in keyof Manifest as string extends K ? never : K]: Manifest[K] };';

const sizes = {
  'display_information.name': [1, 35],
  'display_information.description': [1, 140],
  'display_information.long_description': [175, 4000],
  'display_information.background_color': [4, 7],
  'features.agent_view.agent_description': [1, 300],
  'features.agent_view.suggested_prompts': [0, 4],
  'features.bot_user.display_name': [1, 80],
  'features.shortcuts': [1, 10],
  'features.shortcuts.*.name': [1, 24],
  'features.shortcuts.*.callback_id': [1, 255],
  'features.shortcuts.*.description': [1, 150],
  'features.slash_commands': [1, 50],
  'features.slash_commands.*.command': [2, 32],
  'features.slash_commands.*.description': [1, 2000],
  'features.slash_commands.*.usage_hint': [1, 1000],
  'features.slash_commands.*.url': [1, 3000],
  'features.unfurl_domains': [1, 5],
  'features.unfurl_domains.*': [1, 255],
  'oauth_config.redirect_urls': [0, 1000],
  'oauth_config.scopes.bot': [0, 255],
  'oauth_config.scopes.user': [0, 255],
  'settings.event_subscriptions.bot_events': [0, 100],
  'settings.event_subscriptions.user_events': [0, 100],
  'settings.event_subscriptions.request_url': [1, 3500],
  'settings.interactivity.request_url': [1, 3500],
};

function* faults({ display_information: display, features, oauth_config: oauth, settings }) {
  const words = (value, pattern, what) => (value === undefined || pattern.test(value) ? [] : [`${JSON.stringify(value)} is no ${what}`]);
  yield* words(display?.background_color, /^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'colour such as #1a2b3c');
  yield* words(features?.bot_user?.display_name, /^[a-z0-9._-]+$/, 'name of a bot, which is made of a-z 0-9 - _ .');
  for (const { command } of features?.slash_commands ?? []) yield* words(command, /^\/[^\sA-Z]+$/, 'slash command');
  for (const domain of features?.unfurl_domains ?? []) yield* words(domain, /^[a-z0-9][-a-z0-9.]*[a-z0-9]$/, 'domain');
  const urls = [
    settings?.event_subscriptions?.request_url,
    settings?.interactivity?.request_url,
    ...(features?.slash_commands ?? []).map(({ url }) => url),
    ...(oauth?.redirect_urls ?? []),
  ];
  for (const url of urls) yield* words(url, /^https:\/\//, 'https URL');
}

const files = process.argv.slice(2);
if (!files.length) {
  console.error('usage: check-manifest.mjs FILE.json…');
  process.exit(2);
}
const manifests = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
const errors = mismatches(import.meta.url, imports, manifests.map((value) => ({ value, type: 'Named' })));
report(
  manifests.flatMap((manifest, i) =>
    [...(errors.has(i) ? [errors.get(i)] : []), ...beyond(manifest, sizes), ...faults(manifest)].map((error) => ({ id: files[i], error })),
  ),
  files.length,
);
