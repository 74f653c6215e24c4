#!/usr/bin/env node
// Checks messages and views against Slack's own types and documented limits.
//   node check-blocks.mjs < payloads.ndjson
// A line is {"id","text","blocks"}, {"id","view"} or, for what stands for a link, {"id","unfurl":{"blocks"}}.
import { messageFaults, unfurlFaults, viewFaults } from './lib/block-limits.mjs';
import { read, report } from '../lib/ndjson.mjs';
import { shape } from './lib/shapes.mjs';
import { mismatches } from '../lib/tsc.mjs';

const imports = "import type { KnownBlock, MessageAttachment, View } from '@slack/types';";

const records = read();
const shapes = new Map(); // of each shape: its place among the checks
const checks = [];
const asked = records.map(parts);
const errors = mismatches(import.meta.url, imports, checks);

report(
  records.flatMap((record, i) => [
    ...asked[i].flatMap(([where, check]) => (errors.has(check) ? [{ id: record.id, error: `${where}: ${errors.get(check)}` }] : [])),
    ...faults(record).map((error) => ({ id: record.id, error })),
  ]),
  records.length,
);

/**
 * What of a record the compiler is asked about: each block by itself, and the rest of a view or link without them. By
 * Slack's View a block may be anything that has a type; here it must be one that Slack knows.
 */
function parts({ text, blocks, view, unfurl }) {
  const holder = view ?? unfurl;
  const within = holder ? holder.blocks : blocks;
  const asked = [['text', ask(text ?? '', 'string')]];
  if (holder) asked.push([view ? 'view' : 'unfurl', ask({ ...holder, blocks: [] }, view ? 'View' : 'MessageAttachment')]);
  if (!Array.isArray(within)) return [...asked, ['blocks', ask(within ?? null, 'KnownBlock[]')]];
  return [...asked, ...within.map((block, i) => [`blocks[${i}]`, ask(block, 'KnownBlock')])];
}

function ask(value, type) {
  const bare = type === 'string' ? shape(value, 'text') : shape(value);
  const key = type + JSON.stringify(bare);
  if (!shapes.has(key)) shapes.set(key, checks.push({ value: bare, type }) - 1);
  return shapes.get(key);
}

function faults(record) {
  if (record.view) return viewFaults(record.view);
  return record.unfurl ? unfurlFaults(record.unfurl) : messageFaults(record);
}
