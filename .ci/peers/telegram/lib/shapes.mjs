import { shaper } from '../../lib/shapes.mjs';

const named = new Set([
  'callback_data', 'caption', 'description', 'first_name', 'input_field_placeholder', 'length', 'message_text', 'offset', 'photo_url', 'query', 'secret_token',
  'start_parameter', 'switch_inline_query_current_chat', 'text', 'thumbnail_url', 'title', 'unix_time', 'url',
]);

/**
 * Whether any type takes the texts and numbers under a key as they are: they are left out of a shape. A self-test holds
 * this against the declarations.
 */
export const free = (key) => named.has(key) || /(^|_)id$/.test(key ?? '');

export const names = [...named];

export const shape = shaper(free);

/** The shape of a parameter as a form carries it, where a number is one of figures. */
export function shapeOfForm(value, name) {
  if (!free(name)) return value;
  return /^-?(0|[1-9]\d*)$/.test(value) ? '0' : value && 'x';
}
