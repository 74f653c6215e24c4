// What Telegram makes live by itself: nobody wrote a link, and yet there is something to press.
import { live } from './tdlib.mjs';

const kinds = {
  textEntityTypeMention: 'mention',
  textEntityTypeHashtag: 'hashtag',
  textEntityTypeCashtag: 'cashtag',
  textEntityTypeBotCommand: 'bot_command',
  textEntityTypeUrl: 'url',
  textEntityTypeEmailAddress: 'email',
  textEntityTypePhoneNumber: 'phone',
  textEntityTypeBankCardNumber: 'bank_card',
  textEntityTypeMediaTimestamp: undefined, // alive only below a film
};
const names = [...new Set(Object.values(kinds))].filter(Boolean);

// Inside of these nothing becomes live.
const covers = ['TextUrl', 'MentionName', 'Code', 'Pre', 'PreCode'].map((name) => `textEntityType${name}`);

// Telegram's servers mark numbers of phones, which its library alone does not.
const phone = /(?<![\p{L}\p{N}])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)/gu;

/** What of a text became live that is not allowed to. */
export function* liveFaults(text, entities, allowed) {
  for (const name of allowed) if (!names.includes(name)) yield `live: there is no ${name}, only ${names.join(', ')}`;
  const covered = entities.filter(({ type }) => covers.includes(type._));
  for (const { kind, offset, length } of found(text)) {
    const inside = covered.some((cover) => offset < cover.offset + cover.length && cover.offset < offset + length);
    if (!inside && !allowed.includes(kind)) yield `live by itself: ${kind} ${JSON.stringify(text.slice(offset, offset + length))}`;
  }
}

function* found(text) {
  for (const { offset, length, type } of live(text)) {
    const kind = type._ in kinds ? kinds[type._] : type._;
    if (kind) yield { kind, offset, length };
  }
  for (const { 0: number, index } of text.matchAll(phone)) yield { kind: 'phone', offset: index, length: number.length };
}
