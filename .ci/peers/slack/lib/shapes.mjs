import { shaper } from '../../lib/shapes.mjs';

/**
 * Keys whose strings any type of Slack's takes as they are. Their texts are left out of a shape, so that two blocks
 * that differ in nothing else are one. A self-test holds the list against the declarations.
 */
export const free = [
  'accessibility_label', 'action_id', 'alt_text', 'block_id', 'callback_id', 'external_id', 'image_url',
  'private_metadata', 'text', 'url', 'value',
];

export const shape = shaper((key) => free.includes(key));
