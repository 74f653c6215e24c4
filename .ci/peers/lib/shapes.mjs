// Thousands of messages have a few hundred shapes. A compiler is asked about each shape once.

/**
 * Returns what makes a shape of a value: the value without what its type cannot depend on. Texts and numbers under a key
 * that is free are emptied, and equal neighbours in a list are one, for lists that may be of any length. All else stays,
 * and so does the kind of each value: a number where a text belongs is still a number.
 */
export function shaper(isFree) {
  return function shape(value, key) {
    if (typeof value === 'string') return isFree(key) ? '' : value;
    if (typeof value === 'number') return isFree(key) ? 0 : value;
    if (Array.isArray(value)) {
      const items = value.map((item) => shape(item));
      const spelt = items.map((item) => JSON.stringify(item));
      return items.filter((_, i) => i === 0 || spelt[i] !== spelt[i - 1]);
    }
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, shape(inner, k)]));
  };
}
