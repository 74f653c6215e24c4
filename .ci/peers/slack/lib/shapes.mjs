// Thousands of messages have a few hundred shapes. The compiler is asked about each shape once.

/**
 * Keys whose strings any type of Slack's takes as they are. Their texts are left out of a shape, so that two blocks
 * that differ in nothing else are one. A self-test holds the list against the declarations.
 */
export const free = [
  'accessibility_label', 'action_id', 'alt_text', 'block_id', 'callback_id', 'external_id', 'image_url',
  'private_metadata', 'text', 'url', 'value',
];

/**
 * The value without what its type cannot depend on: free texts are emptied, and equal neighbours in a list are one,
 * since the lists of Slack's types are of any length. All else stays, and so does the kind of each value: a number where
 * a text belongs is still a number.
 */
export function shape(value, key) {
  if (typeof value === 'string') return free.includes(key) ? '' : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => shape(item));
    const spelt = items.map((item) => JSON.stringify(item));
    return items.filter((_, i) => i === 0 || spelt[i] !== spelt[i - 1]);
  }
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, shape(inner, k)]));
}
