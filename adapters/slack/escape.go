package slack

import (
	"regexp"
	"strings"
)

// escape makes a text one that Slack shows as it is. It is the one place that does: every value, typed or stored, passes it
// once on its way into mrkdwn. The three signs of Slack's markup become entities, which ends mentions and links; signs that
// would format where they stand are replaced by others that look like them and never do; and what would become an emoji is
// parted by an invisible joiner, which the reader of questions leaves out.
func escape(text string) string {
	if strings.ContainsAny(text, "&<>") {
		text = entities.Replace(text)
	}
	if strings.ContainsAny(text, "*_~`") {
		text = unformatted(text)
	}
	if strings.Contains(text, ":") {
		text = emoji.ReplaceAllString(text, ":"+joiner+"$1")
	}
	return text
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// joiner is the word joiner: it has no width, and no line breaks at it.
const joiner = "\u2060"

// emoji is what Slack may show as an emoji: their names are in small letters.
var emoji = regexp.MustCompile(`:([a-z0-9_+'-]+:)`)

// alike are signs that look like those that format, and do not.
var alike = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼', '`': 'ˋ'}

// unformatted replaces the signs that format. Within a word they do nothing, and ids hold underscores there.
func unformatted(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		like, formats := alike[r]
		if !formats || r == '_' && i > 0 && i+1 < len(runes) && isWord(runes[i-1]) && isWord(runes[i+1]) {
			continue
		}
		runes[i] = like
	}
	return string(runes)
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '_'
}

// link writes a link. What the address holds of Slack's markup is escaped as addresses are; the label as text is, and
// without the bar that would end the address. What is no web address stays a label.
func link(url, label string) string {
	label = escape(strings.ReplaceAll(label, "|", "¦"))
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || len(url) > maxURL {
		return label
	}
	return "<" + addresses.Replace(url) + "|" + label + ">"
}

var addresses = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "", "\r", "")

// bold sets a text that is escaped already in bold. A sign that formats stands in none.
func bold(escaped string) string { return "*" + escaped + "*" }
