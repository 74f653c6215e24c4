package telegram

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// An address is whether a message speaks to us, and what it then says.
type address struct {
	called  bool   // by a command, our name, or a reply to us
	command string // without the slash, "" for none
	text    string // the command with its arguments, or the text without our name
}

// addressed reads what a message says to us. The library's own Command panics on entities that are forged, cuts characters
// after the command, and takes /help@otherbot for ours.
func addressed(m *message, username string) address {
	a := address{called: m.chatType == private || m.toUs}
	text := strings.TrimSpace(withoutJoiners(m.text)) // which people copy out of our replies
	if word, rest, ok := commandOf(text); ok {
		name, bot, addressed := strings.Cut(word, "@")
		if addressed && !strings.EqualFold(bot, username) {
			return address{}
		}
		a.called, a.command = true, strings.ToLower(name)
		a.text = strings.TrimSpace(a.command + " " + rest)
		return a
	}
	if at := mentionOf(text, m.entities, username); at >= 0 {
		a.called = true
		text = strings.TrimSpace(text[:at] + " " + text[at+1+len(username):])
	}
	a.text = text
	return a
}

// withoutJoiners returns a text as it was before it was made safe to show.
func withoutJoiners(text string) string { return strings.ReplaceAll(text, joiner, "") }

// commandOf returns the command that a text begins with, and what follows it.
func commandOf(text string) (word, rest string, ok bool) {
	after, ok := strings.CutPrefix(text, "/")
	if !ok {
		return "", "", false
	}
	end := strings.IndexFunc(after, func(r rune) bool { return !isName(r) && r != '@' })
	if end < 0 {
		end = len(after)
	}
	if end == 0 || !isName(rune(after[0])) {
		return "", "", false
	}
	return after[:end], strings.TrimSpace(after[end:]), true
}

func isName(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// mentionOf returns where our name stands in a text as a whole word, behind an @, or -1. An entity of Telegram's that marks a
// mention there is not asked for: it may be forged, and captions may lack it.
func mentionOf(text string, _ []entity, username string) int {
	if username == "" {
		return -1
	}
	lower, name := strings.ToLower(text), "@"+strings.ToLower(username)
	for from := 0; ; {
		i := strings.Index(lower[from:], name)
		if i < 0 || len(lower) != len(text) {
			return -1
		}
		i += from
		end := i + len(name)
		if (i == 0 || !isName(rune(lower[i-1]))) && (end == len(lower) || !isName(rune(lower[end]))) {
			return i
		}
		from = end
	}
}

// startCommand returns the question of a deep link, t.me/bot?start=stance_PER, or "" for none.
func startCommand(payload string) string {
	return strings.Join(strings.FieldsFunc(payload, func(r rune) bool { return r == '_' }), " ")
}

// menu are the commands that chats offer, in the order of the menu.
var menu = []string{"stance", "compare", "group", "votes", "shifts", "why", "source", "digest", "watch", "help", "settings"}

// offMenu are commands that are known, and not in the menu.
var offMenu = []string{"start", "search", "resolution", "agreement", "measures", "contradictions", "digests", "watches", "unwatch"}

// known reports whether a command is one of ours, so that in a group another bot's is left to it.
func known(command string) bool {
	return slices.Contains(menu, command) || slices.Contains(offMenu, command)
}

// cutUnits cuts a text to so many UTF-16 units, between characters.
func cutUnits(text string, limit int) string {
	if units(text) <= limit {
		return text
	}
	n := 0
	for i, r := range text {
		if n += max(1, utf16.RuneLen(r)); n > limit-1 {
			return text[:i] + "…"
		}
	}
	return text
}
