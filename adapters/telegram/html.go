package telegram

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// escape makes a text one that Telegram shows as it is, in HTML and in its attributes. It is the one place that does: every
// value, typed or stored, passes it once. What Telegram makes a link, a mention, a command or a tag of by itself is parted by
// an invisible joiner, which the reader of questions leaves out.
func escape(text string) string {
	if strings.ContainsAny(text, `&<>"`) {
		text = entities.Replace(text)
	}
	return quiet(text)
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// joiner is the word joiner: it has no width, and no line breaks at it.
const joiner = "\u2060"

// quiet parts what Telegram would make live at a place where a value may begin: @name, /command, #tag, $TAG, the dot of an
// address without a scheme or of one in figures, the sign before a number of a phone, and figures as long as a card's.
func quiet(text string) string {
	if !strings.ContainsAny(text, "@/#$.+") && !strings.ContainsFunc(text, isDigit) {
		return text
	}
	var b strings.Builder
	before, figures := ' ', 0
	for rest := text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		b.WriteRune(r)
		switch {
		case isDigit(r):
			figures++
		case r != ' ' && r != '-':
			figures = 0
		}
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case begins(before, r, rest):
			b.WriteString(joiner)
		case figures == shortOfCard && (isDigit(next) || next == ' ' || next == '-'):
			b.WriteString(joiner)
			figures = 0
		}
		before = r
	}
	return b.String()
}

// begins reports whether a sign, between the one before it and the rest, begins what Telegram makes live, or goes on with it.
func begins(before, sign rune, rest string) bool {
	next, size := utf8.DecodeRuneInString(rest)
	second, _ := utf8.DecodeRuneInString(rest[size:])
	switch sign {
	case '@':
		return isWord(next)
	case '/', '#', '$', '+':
		return isWord(next) && !isWord(before)
	case '.':
		return isWord(before) && isLetter(next) && isLetter(second) ||
			isDigit(before) && isDigit(next) && strings.HasPrefix(strings.TrimLeftFunc(rest, isDigit), ".")
	}
	return false
}

// shortOfCard is how many figures are one too few for the number of a card.
const shortOfCard = 12

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetter(r rune) bool { return r != utf8.RuneError && unicode.IsLetter(r) }

func isWord(r rune) bool { return isLetter(r) || isDigit(r) || r == '_' }

// link writes a link. What is no web address stays a label.
func link(url, label string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return escape(label)
	}
	return `<a href="` + entities.Replace(url) + `">` + escape(label) + "</a>"
}

func bold(escaped string) string   { return "<b>" + escaped + "</b>" }
func italic(escaped string) string { return "<i>" + escaped + "</i>" }
func code(escaped string) string   { return "<code>" + escaped + "</code>" }

// mention writes a person, as a label that leads to them.
func mention(user int64, label string) string {
	return `<a href="tg://user?id=` + strconv.FormatInt(user, 10) + `">` + escape(label) + "</a>"
}

// units counts a text as Telegram does, in UTF-16.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
