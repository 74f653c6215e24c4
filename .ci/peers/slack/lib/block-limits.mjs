// What Slack documents about messages and views and its types cannot say. The numbers are those of the comments in
// @slack/types and of the reference of Block Kit.
import { beyond, objects, sizeOf } from './limits.mjs';

const under = (path, rules) => Object.fromEntries(Object.entries(rules).map(([key, size]) => [`${path}.${key}`, size]));

const option = { 'text.text': [1, 75], value: [1, 75], 'description.text': [1, 75], url: [1, 3000] };
const options = { options: [1, 100], ...under('options.*', option) };
const groups = {
  option_groups: [1, 100],
  'option_groups.*.label.text': [1, 75],
  'option_groups.*.options': [1, 100],
  ...under('option_groups.*.options.*', option),
};
const button = { 'text.text': [1, 75], value: [1, 2000], url: [1, 3000], accessibility_label: [1, 75] };
const card = { 'title.text': [1, 150], 'subtitle.text': [1, 150], 'body.text': [1, 200] };
const cells = { 'rows.*': [1, 20], 'rows.*.*.text': [1, Infinity] };

/** What holds for any object: the keys mean the same wherever they stand. */
const everywhere = {
  block_id: [1, 255],
  action_id: [1, 255],
  'placeholder.text': [1, 150],
  'confirm.title.text': [1, 100],
  'confirm.text.text': [1, 300],
  'confirm.confirm.text': [1, 30],
  'confirm.deny.text': [1, 30],
};

/** What holds for an object by its type. */
const byType = {
  actions: { elements: [1, 25] },
  button,
  card,
  carousel: { elements: [1, 10] },
  checkboxes: { ...options, options: [1, 10] },
  container: { 'title.text': [1, 150], 'subtitle.text': [1, 150], child_blocks: [1, 10] },
  context: { elements: [1, 10] },
  context_actions: { elements: [1, 5] },
  data_table: cells,
  feedback_buttons: { ...under('positive_button', button), ...under('negative_button', button) },
  header: { 'text.text': [1, 150] },
  icon_button: button,
  image: { alt_text: [0, 2000], 'title.text': [1, 2000], image_url: [1, 3000] },
  input: { 'label.text': [1, 2000], 'hint.text': [1, 2000] },
  markdown: { text: [1, 12000] },
  mrkdwn: { text: [1, 3000] },
  multi_static_select: { ...options, ...groups },
  overflow: { ...options, options: [1, 5] },
  plain_text: { text: [1, 3000] },
  radio_buttons: { ...options, options: [1, 10] },
  section: { 'text.text': [1, 3000], fields: [1, 10], 'fields.*.text': [1, 2000] },
  static_select: { ...options, ...groups },
  table: { rows: [1, 100], column_settings: [0, 20], ...cells },
  video: { alt_text: [1, 2000], 'title.text': [1, 199], author_name: [1, 49] },
  workflow_button: button,
};

const message = { text: [1, 4000], blocks: [1, 50] };
const view = {
  blocks: [0, 100],
  'title.text': [1, 24],
  'submit.text': [1, 24],
  'close.text': [1, 24],
  callback_id: [1, 255],
  external_id: [1, 255],
  private_metadata: [0, 3000],
};

/** Faults of a message: its fallback text and its blocks. */
export function messageFaults({ text, blocks }) {
  return [
    ...(typeof text === 'string' && text.trim() ? [] : ['no fallback text: notifications and screen readers would get nothing']),
    ...(broadcasts(text) ? ['text: it calls a whole channel or group'] : []),
    ...beyond({ text, blocks }, message),
    ...blockFaults(blocks),
  ];
}

/** Faults of the blocks that stand for a link: they have no text of their own. */
export function unfurlFaults(unfurl) {
  return [...beyond(unfurl, { blocks: message.blocks }), ...blockFaults(unfurl.blocks)];
}

/** Faults of a modal or a Home tab. */
export function viewFaults(given) {
  const input = given.blocks?.some?.(({ type }) => type === 'input');
  return [
    ...beyond(given, view),
    ...(given.type === 'modal' && input && !given.submit ? ['submit is missing, and there is an input'] : []),
    ...blockFaults(given.blocks),
  ];
}

function blockFaults(blocks) {
  const all = [...objects(blocks ?? [])];
  const faults = all.flatMap((object) => {
    const name = typeof object.type === 'string' ? `${object.type}: ` : '';
    const sizes = { ...everywhere, ...(Object.hasOwn(byType, object.type) ? byType[object.type] : {}) };
    return [...beyond(object, sizes), ...ownFaults(object)].map((fault) => name + fault);
  });
  return [...faults, ...repeated(all, 'block_id'), ...repeated(all, 'action_id'), ...sums(all)];
}

function* ownFaults(object) {
  if (object.type === 'section' && !object.text && !object.fields) yield 'it needs text or fields';
  if (object.type === 'image') {
    if (!object.alt_text?.trim?.()) yield 'alt_text is missing';
    if (Boolean(object.image_url) === Boolean(object.slack_file)) yield 'it needs image_url or slack_file, and not both';
  }
  if ((object.type === 'mrkdwn' || object.type === 'markdown') && broadcasts(object.text)) yield 'it calls a whole channel or group';
  if (object.type === 'broadcast' || object.type === 'usergroup') yield 'it calls a whole channel or group';
}

function broadcasts(text) {
  return /<!(channel|here|everyone|group|subteam)\b/i.test(text ?? '');
}

/** Slack asks for an action_id that is unique within its block; over the whole message, a click means one thing only. */
function* repeated(all, key) {
  const seen = new Set();
  for (const { [key]: id } of all) {
    if (id !== undefined && seen.has(id)) yield `${key} ${JSON.stringify(id)} stands there twice`;
    seen.add(id);
  }
}

/** What is limited over all blocks together. */
function* sums(all) {
  const of = (type) => all.filter((object) => object.type === type);
  const total = (texts) => texts.reduce((sum, text) => sum + (sizeOf(text) || 0), 0);
  const marked = total(of('markdown').map(({ text }) => text));
  if (marked > 12000) yield `markdown: ${marked} characters in all, at most 12000`;
  const tables = of('table');
  if (tables.length > 1) yield `table: ${tables.length}, at most 1 in a message`;
  const written = total([...objects(tables.map(({ rows }) => rows))].map(({ text }) => text));
  if (written > 10000) yield `table: ${written} characters in all cells, at most 10000`;
}
