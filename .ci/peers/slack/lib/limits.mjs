// Limits as data: how long a text may be, how many items a list may have.

/**
 * Compares an object with rules: a path (`fields.*.text`, where `*` stands for each item) and the least and greatest
 * size of what is found there. What is absent is within its limits; whether it may be absent is for the types to say.
 */
export function beyond(object, rules) {
  const found = [];
  for (const [path, [least, most]] of Object.entries(rules)) {
    for (const [where, value] of at(object, path.split('.'))) {
      const size = sizeOf(value);
      if (size < least) found.push(`${where}: ${size}, at least ${least}`);
      if (size > most) found.push(`${where}: ${size}, at most ${most}`);
    }
  }
  return found;
}

/** Characters of a text, not units of UTF-16: an emoji is one. */
export function sizeOf(value) {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') return NaN; // neither too small nor too large
  let size = 0;
  for (const _ of value) size++;
  return size;
}

function at(value, [step, ...rest], where = '') {
  if (step === undefined) return value === undefined ? [] : [[where, value]];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item, i) => at(item, rest, `${where}[${i}]`)) : [];
  return value && typeof value === 'object' ? at(value[step], rest, where ? `${where}.${step}` : step) : [];
}

/** Every object within a value, itself first. */
export function* objects(value) {
  if (!value || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Object.values(value)) yield* objects(inner);
}
