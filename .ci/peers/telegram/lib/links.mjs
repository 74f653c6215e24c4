// Telegram drops a link that it does not like without a word, and turns others into something else.

const opening = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const named = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** What became of the links of an HTML text: as many as were written, in that order, and each where it was to lead. */
export function* linkFaults(html, entities) {
  const written = [...html.matchAll(opening)].map(([, double, single, bare]) => decoded(double ?? single ?? bare));
  const survived = entities
    .filter(({ type }) => ['textEntityTypeTextUrl', 'textEntityTypeMentionName'].includes(type._))
    .sort((a, b) => a.offset - b.offset)
    .map(({ type }) => type.url ?? `tg://user?id=${type.user_id}`);
  if (written.length !== survived.length) {
    const lost = written.filter((url) => !survived.some((other) => same(url, other)));
    yield `${written.length} links written, ${survived.length} survived; lost: ${lost.join(' ') || 'one of several'}`;
    return;
  }
  for (const [i, url] of written.entries()) if (!same(url, survived[i])) yield `the link to ${url} leads to ${survived[i]}`;
}

/** Text of HTML as Telegram reads it: it knows four names, and numbers. */
function decoded(text) {
  return text.replace(/&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-f]+));/gi, (_, name, decimal, hex) =>
    name ? named[name.toLowerCase()] : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

/** Whether two spellings are the same address. */
function same(a, b) {
  return URL.canParse(a) && URL.canParse(b) ? new URL(a).href === new URL(b).href : a === b;
}
