package question

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge/places"
)

// scripts lists the languages that are written in a script, the first of them where the words fit several.
var scripts = []struct {
	script    *unicode.RangeTable
	languages []string
}{
	{unicode.Latin, []string{"en", "es", "fr", "pt"}},
	{unicode.Cyrillic, []string{"ru"}},
	{unicode.Han, []string{"zh"}},
}

// choose returns the lexicon of the language in which the words are written: of those of their script the one that knows
// most of them. Names show nothing. locale is the language of the asker's client, which decides where the words do not;
// "" is none. A lexicon is read when it is first needed: of the words that English knows throughout, no other.
func (r *Reader) choose(words []places.Word, locale string) *lexicon {
	telling := r.telling(words)
	languages := r.written(telling)
	if slices.Contains(languages, locale) {
		languages = append([]string{locale}, languages...)
	}
	var best *lexicon
	most := -1
	for _, language := range languages {
		lex := r.lexicon(language)
		n := known(lex, telling)
		if n > most {
			best, most = lex, n
		}
		if n >= len(telling) {
			break
		}
	}
	return best
}

// telling returns the words that are no names, numbers or flags.
func (r *Reader) telling(words []places.Word) []places.Word {
	telling := make([]places.Word, 0, len(words))
	for i := 0; i < len(words); {
		if _, n := r.gazetteer.At(words, i); n > 0 && !r.lexicon(leading).words[words[i].Fold] {
			i += n
			continue
		}
		if first, _ := utf8.DecodeRuneInString(words[i].Fold); unicode.IsLetter(first) {
			telling = append(telling, words[i])
		}
		i++
	}
	return telling
}

// written returns the languages of the script in which most of the words are written, as far as there are lexicons.
func (r *Reader) written(words []places.Word) []string {
	languages, most := []string{leading}, 0
	for _, s := range scripts {
		n := 0
		for i := range words {
			if first, _ := utf8.DecodeRuneInString(words[i].Fold); unicode.Is(s.script, first) {
				n++
			}
		}
		if n > most {
			languages, most = s.languages, n
		}
	}
	spoken := slices.DeleteFunc(slices.Clone(languages), func(language string) bool { return r.lexicons[language] == nil })
	if len(spoken) == 0 {
		return []string{leading}
	}
	return spoken
}

// leading is the language of questions that no language shows, and of the command words.
const leading = "en"

// known counts the words that a lexicon knows.
func known(lex *lexicon, words []places.Word) int {
	n := 0
	for i := range words {
		if w := words[i].Fold; lex.words[w] || lex.spellings[w] != "" || i == 0 && lex.commands[w] != "" {
			n++
		}
	}
	return n
}
