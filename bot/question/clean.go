package question

import (
	"regexp"
	"strings"
)

// notWords are stretches of a text that people did not write as words: links, bare names of sites, and what steers a
// terminal. A part of one is no name: evil.com is not about the Comoros, whose code is COM.
var notWords = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s|<>]*|\bwww\.[^\s|<>]+` +
	`|\b(?:[a-z0-9-]+\.)+(?:com|org|net|info|biz|gov|edu|io|me|ly|ru|cn|br|xyz)\b(?:/[^\s|<>]*)?` +
	`|\x1b\[[0-9;?]*[a-z]`)

// joiner has no width: replies hold it where a platform would else see an emoji in an id, and people copy it with the id.
const joiner = "\u2060"

// onlyWords puts spaces in the place of what is not written as words, so that everything else stands where it stood. Joiners
// are left out.
func onlyWords(text string) string {
	text = strings.ReplaceAll(text, joiner, "")
	if !strings.ContainsAny(text, ".:\x1b") {
		return text
	}
	return notWords.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
}
