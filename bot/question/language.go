package question

import (
	"slices"
	"strings"
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

// choose returns the lexicon of the language in which a text is written: of those of its script the one that knows most
// of the words and at least half of them or the command word, and of equal ones the one that letters, little words and the spelling of names
// show. locale is the language of the asker's client, which decides where the words are those of several languages; "" is
// none. A lexicon is read when it is first needed: of a text that English knows throughout, no other.
func (r *Reader) choose(text string, words []places.Word, ids []foundID, locale string) *lexicon {
	if len(words) == 0 {
		return r.lexicon(leading)
	}
	telling := r.telling(words, ids)
	languages := r.written(telling)
	if len(telling) == 0 { // names alone: their script
		languages = r.written(words)
	}
	if slices.Contains(languages, locale) {
		languages = append([]string{locale}, languages...)
	}
	if lex := r.joins(telling, languages); lex != nil {
		return lex
	}
	best, most, mostOwn := r.lexicon(languages[0]), -1, -1
	command := r.lexicon(leading).commands[words[0].Fold] != ""
	var spelt map[string]int
	for _, language := range languages {
		lex := r.lexicon(language)
		if command && lex.commands[words[0].Fold] == "" {
			continue // a command word of English alone: compare is one of French, too
		}
		n := known(lex, telling)
		if language == leading && n == len(telling) && isASCII(text) {
			best = lex
			break
		}
		if spelt == nil {
			spelt = r.spelt(words, languages)
		}
		own := lex.own(text, telling) + spelt[language]
		enough := language == languages[0] || n > 0 && (2*n >= len(telling) || lex.commands[words[0].Fold] != "")
		if enough && (n > most || n == most && own > mostOwn && best.language != locale) {
			best, most, mostOwn = lex, n, own
		}
	}
	return best
}

// joins returns the lexicon of the only language in which all the words join names, as the y of "cuba y rusia", which is a
// short yes in English. It returns nil when there is none, several, or nothing but names.
func (r *Reader) joins(words []places.Word, languages []string) *lexicon {
	if len(words) == 0 {
		return nil
	}
	var one *lexicon
	for _, language := range languages {
		lex := r.lexicon(language)
		if lex == one || slices.ContainsFunc(words, func(w places.Word) bool { return !lex.joining[w.Fold] }) {
			continue
		}
		if one != nil {
			return nil
		}
		one = lex
	}
	return one
}

// spelt counts, by language, the names that only one language writes so: Equador, Colômbia; misspelt ones, too. What is a
// word of one of the languages that the text may be in is no misspelt name.
func (r *Reader) spelt(words []places.Word, languages []string) map[string]int {
	counts, tried := map[string]int{}, 0
	for i := 0; i < len(words); {
		m, size := r.gazetteer.At(words, i)
		if m == nil && tried < maxMisspelt && len(words[i].Fold) > places.MinFuzzyLetters && !r.anyKnows(languages, words[i].Fold) {
			tried++
			if near, _ := r.gazetteer.Nearest(words[i].Fold); len(near) == 1 {
				m = near[0]
			}
		}
		if m != nil {
			counts[m.Language]++
		}
		i += max(size, 1)
	}
	return counts
}

func (r *Reader) anyKnows(languages []string, word string) bool {
	return slices.ContainsFunc(languages, func(language string) bool { return r.lexicon(language).words[word] })
}

// own counts what shows a language where the words are those of two: its little words, letters that others do not write,
// and marks. The letters of names show nothing.
func (l *lexicon) own(text string, words []places.Word) int {
	n := 0
	for i := range words {
		if l.little[words[i].Fold] {
			n++
		}
		if l.ownWords[strings.ToLower(text[words[i].Start:words[i].End])] {
			n++
		}
		n += l.ownRunes(text[words[i].Start:words[i].End], unicode.IsLetter)
	}
	return n + l.ownRunes(text, unicode.IsPunct)
}

func (l *lexicon) ownRunes(text string, of func(rune) bool) int {
	n := 0
	for _, r := range text {
		if r >= utf8.RuneSelf && of(r) && strings.ContainsRune(l.letters, unicode.ToLower(r)) {
			n++
		}
	}
	return n
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// telling returns the words that show the language: no names, codes, numbers, flags and ids.
func (r *Reader) telling(words []places.Word, ids []foundID) []places.Word {
	telling := make([]places.Word, 0, len(words))
	for i := 0; i < len(words); {
		w := words[i]
		if _, n := r.gazetteer.At(words, i); n > 1 || n == 1 && !r.lexicon(leading).words[w.Fold] {
			i += n
			continue
		}
		code := r.isCode(words, i)
		i++
		first, _ := utf8.DecodeRuneInString(w.Fold)
		isID := slices.ContainsFunc(ids, func(id foundID) bool { return w.Start >= id.start && w.Start < id.end })
		if !isID && !code && unicode.IsLetter(first) {
			telling = append(telling, w)
		}
	}
	return telling
}

// isCode reports whether the word at i is the code of a country: alone, right behind a command word, or in capitals
// anywhere behind one.
func (r *Reader) isCode(words []places.Word, i int) bool {
	command := r.lexicon(leading).commands[words[0].Fold] != ""
	if len(words) > 1 && (!command || i == 0 || i > 1 && !words[i].Upper) {
		return false
	}
	_, alpha3 := r.gazetteer.Alpha3(words[i])
	_, alpha2 := r.gazetteer.Code(words[i])
	return alpha3 || alpha2
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

// known counts the words that a lexicon knows. Short words of orders count behind the command of one.
func known(lex *lexicon, words []places.Word) int {
	if len(words) == 0 {
		return 0
	}
	n := 0
	command := lex.commands[words[0].Fold]
	order := slices.Contains(ordersOf, command)
	for i := range words {
		if w := words[i].Fold; lex.words[w] || lex.spellings[w] != "" || i == 0 && command != "" || order && lex.orders.words[w] {
			n++
		}
	}
	return n
}
