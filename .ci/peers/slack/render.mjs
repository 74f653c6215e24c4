#!/usr/bin/env node
// Shows messages as Slack would, as near as a renderer by other hands comes: a page to look at in a browser.
//   node render.mjs < payloads.ndjson > page.html
// A line is {"id","text","blocks"} or {"id","view"}. Each is shown at the width of a desktop's channel and of a phone.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createElement as h, Fragment } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { read } from '../lib/ndjson.mjs';

const require = createRequire(import.meta.url);
const { Message } = require('slack-blocks-to-jsx'); // its module for import names files that only a bundler finds
const theirs = readFileSync(require.resolve('slack-blocks-to-jsx').replace(/index\.js$/, 'style.css'), 'utf8');

const widths = [640, 360];
const ours = `
  body { margin: 16px; background: #fff; font-family: Lato, "DejaVu Sans", sans-serif }
  h2 { font: 12px monospace; color: #666; margin: 24px 0 4px }
  .text { font: 12px sans-serif; color: #666; margin: 0 0 8px; max-width: 1020px; white-space: pre-wrap }
  .shown { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start }
  .shown > div { outline: 1px solid #ddd; overflow: hidden }
`;
const logo = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"; // nothing to see, and nothing to fetch

const shown = (blocks) =>
  h(Message, { blocks, logo, name: 'stancebot', time: new Date(0), theme: 'light', data: { users: [], channels: [], user_groups: [] } });

const entries = read().map(({ id, text, blocks, view }) =>
  h(
    Fragment,
    { key: id },
    h('h2', null, id),
    h('p', { className: 'text' }, text),
    h(
      'div',
      { className: 'shown' },
      widths.map((width) => h('div', { key: width, style: { width } }, shown(blocks ?? view.blocks))),
    ),
  ),
);

const page = h(
  'html',
  { lang: 'en' },
  h('head', null, h('meta', { charSet: 'utf-8' }), h('title', null, 'Messages'), h('style', { dangerouslySetInnerHTML: { __html: theirs + ours } })),
  h('body', null, entries),
);
process.stdout.write(`<!doctype html>\n${renderToStaticMarkup(page)}\n`);
