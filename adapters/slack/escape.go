package slack

import (
	"regexp"
	"strings"
)

// escape makes a text one that Slack shows as it is. It is the one place that does: every value, typed or stored, passes it
// once on its way into mrkdwn. The three signs of Slack's markup become entities, which ends mentions and links; signs that
// would format where they stand are replaced by others that look like them and never do; and what would become an emoji or a
// quotation is parted by an invisible joiner, which the reader of questions leaves out.
func escape(text string) string {
	if strings.ContainsAny(text, "&<>") {
		text = quotations.ReplaceAllString(entities.Replace(text), "${1}"+joiner+"${2}")
	}
	if strings.ContainsAny(text, "*_~`") {
		text = unformatted(text)
	}
	if strings.Contains(text, ":") {
		text = withoutEmoji(text)
	}
	return text
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// joiner is the word joiner: it has no width, and no line breaks at it.
const joiner = "\u2060"

// quotations are signs that begin a quotation where they begin a line, also as an entity.
var quotations = regexp.MustCompile(`(^|\n)(&gt;)`)

// emoji is what may name an emoji between two colons: a workspace gives its own names in any script, but none in capitals.
var emoji = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}_+'-]+$`)

// withoutEmoji parts each name of an emoji from its first colon. A colon that ends one may begin the next, as in
// M:CAN:eu:1995.
func withoutEmoji(text string) string {
	parts := strings.Split(text, ":")
	for i := 1; i < len(parts)-1; i++ {
		if emoji.MatchString(parts[i]) {
			parts[i] = joiner + parts[i]
		}
	}
	return strings.Join(parts, ":")
}

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
// without the bar and the ends of lines that would end it. What is no web address stays a label.
func link(url, label string) string {
	label = escape(labels.Replace(label))
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || len(url) > maxURL {
		return label
	}
	return "<" + addresses.Replace(url) + "|" + label + ">"
}

var labels = strings.NewReplacer("|", "¦", "\n", " ", "\r", " ")

var addresses = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "", "\r", "")

// bold sets a text that is escaped already in bold. A sign that formats stands in none.
func bold(escaped string) string { return "*" + escaped + "*" }
