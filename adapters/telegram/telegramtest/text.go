package telegramtest

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Limits of texts: the raw ones in bytes, the others in UTF-16 code units of what people see.
const (
	maxRaw      = 1 << 15
	maxText     = 4096
	maxCaption  = 1024
	maxEntities = 100
)

// units counts the UTF-16 code units of a text.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// Of returns the part of a text that an entity is of.
func (e Entity) Of(text string) string {
	u := utf16.Encode([]rune(text))
	if e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(u) {
		return ""
	}
	return string(utf16.Decode(u[e.Offset : e.Offset+e.Length]))
}

// written is a text as the bot wants it sent.
type written struct {
	what     string // for complaints
	raw      string
	mode     string
	entities string // JSON
	limit    int
}

// compose makes content of what the bot wrote; s.mu is held.
func (s *Server) compose(w written) (Content, *apiError) {
	c := Content{Raw: w.raw, ParseMode: w.mode, Text: w.raw}
	if len(w.raw) > maxRaw {
		return c, wrong("text is too long")
	}
	if w.entities == "null" {
		s.Complain("%s: entities that are null", w.what)
		w.entities = ""
	}
	switch {
	case strings.EqualFold(w.mode, "HTML"):
		var dropped []string
		var err error
		c.Text, c.Entities, dropped, err = ParseHTML(w.raw)
		if err != nil {
			return c, wrong("%v", err)
		}
		for _, link := range dropped {
			s.Complain("%s: Telegram drops the link to %q", w.what, link)
		}
		if w.mode != "HTML" {
			s.Complain("%s: the parse mode %q instead of HTML", w.what, w.mode)
		}
	case w.mode != "":
		if !slices.Contains([]string{"markdown", "markdownv2"}, lower(w.mode)) {
			return c, wrong("unsupported parse_mode")
		}
		s.Complain("%s: the parse mode %s, which this fake does not read", w.what, w.mode)
	case w.entities != "":
		if json.Unmarshal([]byte(w.entities), &c.Entities) != nil {
			return c, wrong("can't parse MessageEntity")
		}
	}
	c = autolink(trim(c))
	if n := len(c.Entities); n > maxEntities {
		s.Complain("%s: %d entities, of which Telegram keeps %d", w.what, n, maxEntities)
		c.Entities = c.Entities[:maxEntities]
	}
	switch {
	case units(c.Text) <= w.limit:
		return c, nil
	case w.limit == maxCaption:
		return c, wrong("message caption is too long")
	}
	return c, wrong("message is too long")
}

// trim takes the blanks from the ends of a text, and what is of blanks alone from its entities.
func trim(c Content) Content {
	text := strings.TrimRightFunc(c.Text, unicode.IsSpace)
	lead := 0
	for lead < len(text) && (text[lead] == ' ' || text[lead] == '\n') && (len(c.Entities) == 0 || lead < c.Entities[0].Offset) {
		lead++
	}
	c.Text = text[lead:]
	length := units(c.Text)
	kept := c.Entities[:0]
	for _, e := range c.Entities {
		end := min(e.Offset+e.Length-lead, length)
		e.Offset -= lead
		if e.Length = end - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	c.Entities = kept
	return c
}

// finder finds what Telegram makes an entity of by itself.
type finder struct {
	kind string
	re   *regexp.Regexp // its first group is the entity
}

// The order decides where two would overlap. Hosts without a scheme are links under the top-level domains below alone; the real
// list is longer.
var finders = []finder{
	{"url", regexp.MustCompile(`(?i)(?:^|[^\w@])((?:(?:https?|ftp)://[^\s/?#<>"]+\.|tg://)[^\s<>"]*[^\s<>".,;:!?'…)\]]\)?)`)},
	{"email", regexp.MustCompile(`(?:^|[^\w@.])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`)},
	{"url", regexp.MustCompile(`(?i)(?:^|[^\w@.:/])((?:[a-z0-9-]+\.)+(?:com|org|net|info|io|me|int|gov|edu|ru|uk|de|fr|es|br|cl|mx|ar|pe|bo|co|cu|py|rs|md|eu|us)(?:[/?#][^\s<>"]*[^\s<>".,;:!?'…)\]]|/)?)(?:$|[^\w@.]|\.(?:$|\W))`)},
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/@<>\p{L}])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?:$|[^\w/@\p{L}])`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w@/.])(@[A-Za-z0-9_]{4,32})(?:$|[^\w@])`)},
	{"hashtag", regexp.MustCompile(`(?:^|[^\p{L}\w#])(#[\p{L}\w]*\p{L}[\p{L}\w]*)`)},
	{"cashtag", regexp.MustCompile(`(?:^|[^\w$])(\$[A-Z]{1,8})(?:$|[^\w$])`)},
}

// detect finds the entities that Telegram makes of a text by itself.
func detect(text string) []Entity {
	var found []Entity
	for _, f := range finders {
		for from := 0; from < len(text); {
			m := f.re.FindStringSubmatchIndex(text[from:])
			if m == nil {
				break
			}
			begin, end := from+m[2], from+m[3]
			if m[2] == 0 && from > 0 { // right behind another, where no text begins
				from++
				continue
			}
			e := Entity{Type: f.kind, Offset: units(text[:begin]), Length: units(text[begin:end])}
			if !slices.ContainsFunc(found, e.overlaps) {
				found = append(found, e)
			}
			from = end
		}
	}
	slices.SortFunc(found, func(a, b Entity) int { return cmp.Compare(a.Offset, b.Offset) })
	return found
}

func (e Entity) overlaps(o Entity) bool {
	return e.Offset < o.Offset+o.Length && o.Offset < e.Offset+e.Length
}

// autolink adds what Telegram finds by itself outside of links and code.
func autolink(c Content) Content {
	taken := slices.DeleteFunc(slices.Clone(c.Entities), func(e Entity) bool {
		return !slices.Contains([]string{"text_link", "text_mention", "code", "pre"}, e.Type)
	})
	for _, e := range detect(c.Text) {
		if !slices.ContainsFunc(taken, e.overlaps) && !slices.ContainsFunc(c.Entities, func(o Entity) bool { return o.Type == e.Type && o.overlaps(e) }) {
			c.Entities = append(c.Entities, e)
		}
	}
	slices.SortStableFunc(c.Entities, func(a, b Entity) int { return cmp.Compare(a.Offset, b.Offset) })
	return c
}

// hasLinks says whether a text shows something that Telegram would preview.
func (c Content) hasLinks() bool {
	return slices.ContainsFunc(c.Entities, func(e Entity) bool { return e.Type == "url" || e.Type == "text_link" })
}
