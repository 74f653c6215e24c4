package slack_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A mark is what Slack makes of a part of mrkdwn that is more than its letters.
type mark struct {
	kind   string // mention, link, bold, italic, strike, code, quote, emoji, unescaped
	at     int    // where it begins, in bytes
	target string // of a link
	text   string // what is shown, or marked
}

// marks finds what is live in a line of mrkdwn, by Slack's documentation of how app surfaces are formatted, and with no help
// of the code that it judges. Where the documentation leaves it open, a sign counts as live.
func marks(line string) []mark {
	var found []mark
	if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "&gt;") { // typed as the one, it arrives as the other
		found = append(found, mark{kind: "quote", text: line})
	}
	outside := []byte(line) // with what stands between angle brackets blanked out
	for at := 0; at < len(line); at++ {
		switch line[at] {
		case '<':
			end := strings.IndexByte(line[at:], '>')
			if end < 0 {
				found = append(found, mark{kind: "unescaped", at: at, text: line[at:]})
				continue
			}
			m := angled(line[at+1 : at+end])
			m.at = at
			found = append(found, m)
			found = append(found, formats(m.text)...)
			for i := at; i <= at+end; i++ {
				outside[i] = 'x'
			}
			at += end
		case '>':
			if at > 0 {
				found = append(found, mark{kind: "unescaped", at: at, text: line[at:]})
			}
		case '&':
			if !slices.ContainsFunc([]string{"&amp;", "&lt;", "&gt;"}, func(e string) bool { return strings.HasPrefix(line[at:], e) }) {
				found = append(found, mark{kind: "unescaped", at: at, text: line[at:]})
			}
		}
	}
	return append(found, formats(string(outside))...)
}

// angled tells what stands between angle brackets.
func angled(inner string) mark {
	target, shown, labelled := strings.Cut(inner, "|")
	if !labelled {
		shown = target
	}
	kind := "link"
	if strings.IndexAny(target, "@#!") == 0 {
		kind = "mention"
	}
	return mark{kind: kind, target: target, text: shown}
}

var formatted = map[byte]string{'*': "bold", '_': "italic", '~': "strike", '`': "code"}

// formats finds pairs of signs that format, and emoji.
func formats(line string) []mark {
	found := emojiIn(line)
	for at := 0; at < len(line); at++ {
		kind, formats := formatted[line[at]]
		if !formats || at > 0 && isLetter(line[at-1]) && kind != "code" {
			continue
		}
		for end := at + 1; end < len(line); end++ {
			after := end+1 == len(line) || !isLetter(line[end+1])
			if line[end] == line[at] && end > at+1 && (after || kind == "code") {
				found = append(found, mark{kind: kind, at: at, text: line[at+1 : end]})
				at = end
				break
			}
		}
	}
	return found
}

// isLetter reports whether a sign beside it is no sign that formats. Of letters beyond ASCII nothing is documented.
func isLetter(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// named is the name of an emoji. Slack takes none in capitals.
var named = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}_+'-]+$`)

// emojiIn finds names between two colons: a workspace may have named an emoji of its own in any script.
func emojiIn(line string) []mark {
	var found []mark
	for rest := line; ; {
		_, after, ok := strings.Cut(rest, ":")
		if !ok {
			return found
		}
		if name, _, closed := strings.Cut(after, ":"); closed && named.MatchString(name) {
			found = append(found, mark{kind: "emoji", at: len(line) - len(after) - 1, text: name})
		}
		rest = after
	}
}

// said returns what a reader sees of a line of mrkdwn, in a form in which it may be compared with what was to be said: without
// blanks, without what has no width, and with signs that look alike the same.
func said(line string) string {
	line = regexp.MustCompile(`<[^<>|]*\|([^<>]*)>`).ReplaceAllString(line, "$1")
	line = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(line)
	return alike(line)
}

// alike makes texts comparable.
func alike(text string) string {
	text = strings.NewReplacer("*", "", "∗", "", "ˍ", "_", "∼", "~", "ˋ", "`", "¦", "|").Replace(text)
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// A judge that finds nothing proves nothing: it must find what is live, and only that.
func TestMarks(t *testing.T) {
	for line, want := range map[string][]string{
		"plain, 10:30, a_b_c, 3*4*5": nil,
		"&lt;!channel&gt; &amp; co":  nil,
		"<!channel>":                 {"mention"},
		"<@U1> in <#C1|x>":           {"mention", "mention"},
		"<https://a.example|b>":      {"link"},
		"<https://a.example|*b*>":    {"link", "bold"},
		"a < b":                      {"unescaped"},
		"a > b":                      {"unescaped"},
		"a & b":                      {"unescaped"},
		"&gt; a":                     {"quote"},
		"*a*":                        {"bold"},
		"(_a b_)":                    {"italic"},
		"~a~, x":                     {"strike"},
		"x`a`":                       {"code"},
		":smile: x:+1:":              {"emoji", "emoji"},
		"1:2:smile:":                 {"emoji", "emoji"},
		":笑:":                        {"emoji"},
		":a b:":                      nil,
	} {
		var got []string
		for _, m := range marks(line) {
			got = append(got, m.kind)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}
