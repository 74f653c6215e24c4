// Telegram's own library, asked what it can answer by itself: it logs in nowhere and needs no network.
import { createRequire } from 'node:module';
import tdl from 'tdl';

const require = createRequire(import.meta.url);
tdl.configure({ tdjson: require.resolve('@prebuilt-tdlib/linux-x64-glibc/libtdjson.so'), verbosityLevel: 0 });

/** The text that Telegram makes of HTML, and its entities: `{ text, entities }`, or `{ error }`. The Bot API's server asks the same. */
export function parse(html) {
  const { _: kind, message, text, entities } = tdl.execute({ _: 'parseTextEntities', text: html, parse_mode: { _: 'textParseModeHTML' } });
  return kind === 'error' ? { error: message } : { text, entities };
}

/** What of a text Telegram makes live by itself, as entities. */
export function live(text) {
  return tdl.execute({ _: 'getTextEntities', text }).entities;
}
