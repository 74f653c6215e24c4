package question

// ParseLexicon tells whether a lexicon file is accepted, for tests of its errors.
func ParseLexicon(text string) error {
	_, err := parseLexicon("en", text)
	return err
}

// IsPlainWord reports whether a folded word is one of the English lexicon, so that it is no code by itself: can, per.
func (r *Reader) IsPlainWord(word string) bool { return r.lexicon("en").words[word] }
