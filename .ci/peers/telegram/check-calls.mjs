#!/usr/bin/env node
// Checks calls of the Bot API against others' types of its methods.
//   node check-calls.mjs < calls.ndjson
// A line is {"id","method","params"}: the parameters as a form carries them, each a string, those that are objects or
// lists in JSON. "files" names the parameters that are uploads.
import { read, report } from '../lib/ndjson.mjs';
import { mismatches } from '../lib/tsc.mjs';
import { shape, shapeOfForm } from './lib/shapes.mjs';

// An upload is told by the words with which one parameter refers to another that holds the bytes. A parameter is written
// as a pair, of what the form says and what that is as JSON; its type decides which of them counts.
const imports = [
  "import type { ApiMethods } from '@grammyjs/types';",
  'type Methods = ApiMethods<`attach://${string}`>;',
  'type Args<M extends keyof Methods> = Parameters<Methods[M]> extends [] ? Record<never, never> : NonNullable<Parameters<Methods[M]>[0]>;',
  'type Named<T> = { [K in keyof T]: 0 };',
  'type Names<M extends keyof Methods> = Named<Args<M>> & Record<string, 0>;',
  "type Gone = 'reply_to_message_id';", // still declared, and deprecated
  'type At<T, K> = T extends unknown ? (K extends Exclude<keyof T, Gone> ? T[K] : never) : never;',
  'type Form<T> = T extends string | number | boolean ? `${T}` : never;',
  'type Json<T> = Extract<T, object>;',
  'type Pair<T> = ([Form<T>] extends [never] ? never : [Form<T>, unknown]) | ([Json<T>] extends [never] ? never : [string, Json<T>]);',
  'type Value<M extends keyof Methods, K> = Pair<At<Args<M>, K>>;',
].join(' ');

const records = read();
const places = new Map(); // of each shape: its place among the checks
const checks = [];
const asked = records.map(questions);
const errors = mismatches(import.meta.url, imports, checks);

report(
  records.flatMap(({ id }, i) => faults(asked[i]).map((error) => ({ id, error }))),
  records.length,
);

/** What the compiler is asked about a call: is there such a method, has it the parameters that it needs, and then each of them. */
function questions({ method = null, params = {}, files = [] }) {
  const type = JSON.stringify(method);
  const given = Object.keys(params).concat(files);
  const names = Object.fromEntries(given.sort().map((name) => [name, 0]));
  return {
    method: ask(method, 'keyof Methods'),
    names: ask(names, `Names<${type}>`),
    values: [
      ...Object.entries(params).map(([name, value]) => [name, ask(pair(name, value), `Value<${type}, ${JSON.stringify(name)}>`)]),
      ...files.map((name) => [name, ask(['attach://file', null], `Value<${type}, ${JSON.stringify(name)}>`)]),
    ],
  };
}

function faults({ method, names, values }) {
  if (errors.has(method)) return [`method: ${errors.get(method)}`];
  return [
    ...(errors.has(names) ? [errors.get(names)] : []),
    ...values.flatMap(([name, check]) => (errors.has(check) ? [`${name}: ${errors.get(check).replace(/^.* expected type 'never'\.$/, 'the method has no such parameter')}`] : [])),
  ];
}

function pair(name, value) {
  if (typeof value !== 'string') return [value, null]; // which no type takes
  let json = null;
  if (/^\s*[[{]/.test(value)) {
    try {
      json = shape(JSON.parse(value), name);
    } catch {
      // then it is a text
    }
  }
  return [json ? '' : shapeOfForm(value, name), json];
}

function ask(value, type) {
  const key = `${type} ${JSON.stringify(value)}`;
  if (!places.has(key)) places.set(key, checks.push({ value, type }) - 1);
  return places.get(key);
}
