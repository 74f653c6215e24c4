package telegramtest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Entity is a part of a text that is more than letters. Offsets and lengths count UTF-16 code units, as Telegram does.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	User          *User  `json:"user,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
	UnixTime      int64  `json:"unix_time,omitempty"`
	DateFormat    string `json:"date_time_format,omitempty"`
}

// ParseHTML reads a text of the parse mode HTML as Telegram does: what people see of it, its entities, and the links that it
// drops without an error because nobody could follow them. The error is Telegram's, without the "Bad Request: " before it.
func ParseHTML(text string) (plain string, entities []Entity, dropped []string, err error) {
	p := htmlParser{in: text}
	if err := p.parse(); err != nil {
		return "", nil, nil, fmt.Errorf("can't parse entities: %w", err)
	}
	slices.SortStableFunc(p.entities, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(priority[a.Type], priority[b.Type]))
	})
	for i := range p.entities {
		if p.entities[i].Type == "code" {
			p.entities[i].Language = ""
		}
	}
	return p.out.String(), p.entities, p.dropped, nil
}

// bad is an error in Telegram's words, which begin with a capital.
func bad(format string, args ...any) error { return parseError(fmt.Sprintf(format, args...)) }

type parseError string

func (e parseError) Error() string { return string(e) }

// priority orders entities of the same place, from without to within.
var priority = map[string]int{
	"blockquote": 0, "expandable_blockquote": 0, "pre": 10, "code": 20, "text_link": 49, "text_mention": 49, "date_time": 49,
	"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99,
}

// entityOf names what a tag makes of its content.
var entityOf = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strikethrough", "strike": "strikethrough",
	"del": "strikethrough", "u": "underline", "ins": "underline", "tg-spoiler": "spoiler", "span": "spoiler",
	"tg-emoji": "custom_emoji", "tg-time": "date_time", "pre": "pre", "code": "code", "blockquote": "blockquote",
}

type htmlParser struct {
	in       string
	i        int
	out      strings.Builder
	units    int // of UTF-16, written so far
	open     []openTag
	entities []Entity
	dropped  []string
	halves   bool // half a surrogate pair was written
}

type openTag struct {
	name       string
	attributes map[string]string
	at         int // of the entity, in UTF-16
	begin      int // in the output, in bytes
}

// at returns the byte at a place, and 0 at the end, as the text of a C string has.
func (p *htmlParser) at(i int) byte {
	if i < len(p.in) {
		return p.in[i]
	}
	return 0
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == 0
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (p *htmlParser) parse() error {
	for p.i < len(p.in) {
		switch {
		case p.at(p.i) == '&':
			if r, n := decodeReference(p.in[p.i:]); n > 0 {
				p.write(r)
				p.i += n
				continue
			}
			p.write('&')
			p.i++
		case p.at(p.i) != '<':
			r, n := utf8.DecodeRuneInString(p.in[p.i:])
			p.write(r)
			p.i += n
		case p.at(p.i+1) == '/':
			if err := p.endTag(); err != nil {
				return err
			}
		default:
			if err := p.startTag(); err != nil {
				return err
			}
		}
	}
	if n := len(p.open); n > 0 {
		return bad("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	if p.halves {
		return bad("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	return nil
}

func (p *htmlParser) write(r rune) {
	if r >= 0xd800 && r <= 0xdfff {
		p.halves = true
	}
	p.out.WriteRune(r)
	p.units++
	if r > 0xffff {
		p.units++
	}
}

// decodeReference reads a character reference at the head of a text, and how long it is; 0 where there is none that Telegram knows.
func decodeReference(s string) (r rune, length int) {
	name := s[1:]
	if strings.HasPrefix(name, "#") {
		return decodeNumber(s)
	}
	end := strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf || !isLetter(byte(r)) })
	if end < 0 {
		end = len(name)
	}
	r, ok := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[name[:end]]
	if !ok {
		return 0, 0
	}
	return r, end + 1 + semicolon(name[end:])
}

func semicolon(s string) int {
	if strings.HasPrefix(s, ";") {
		return 1
	}
	return 0
}

func decodeNumber(s string) (r rune, length int) {
	end, base := 2, 10
	if strings.HasPrefix(s[end:], "x") {
		end, base = 3, 16
	}
	begin := end
	for end < len(s) && (isDigit(s[end]) || base == 16 && isLetter(s[end]) && s[end]|0x20 <= 'f') {
		end++
	}
	n, err := strconv.ParseUint(s[begin:end], base, 32)
	if err != nil || n == 0 || n >= 0x10ffff || end >= 10 {
		return 0, 0
	}
	return rune(n), end + semicolon(s[end:])
}

func (p *htmlParser) startTag() error {
	begin := p.i
	p.i++
	p.skip(func(c byte) bool { return !isSpace(c) && c != '>' })
	if p.i >= len(p.in) {
		return bad("Unclosed start tag at byte offset %d", begin)
	}
	tag := openTag{name: lower(p.in[begin+1 : p.i]), attributes: map[string]string{}, at: p.units, begin: p.out.Len()}
	if entityOf[tag.name] == "" {
		return bad("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	for p.at(p.i) != '>' {
		p.skip(func(c byte) bool { return c != 0 && isSpace(c) })
		if p.at(p.i) == '>' {
			break
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.i++
	if tag.name == "span" && tag.attributes["class"] != "tg-spoiler" {
		return bad("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) skip(while func(byte) bool) {
	for p.i < len(p.in) && while(p.in[p.i]) {
		p.i++
	}
}

// lower turns ASCII letters, and no others, into small ones.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func (p *htmlParser) attribute(tag *openTag, begin int) error {
	start := p.i
	p.skip(func(c byte) bool { return !isSpace(c) && !strings.ContainsRune("=>/\"'", rune(c)) })
	name := p.in[start:p.i]
	if name == "" {
		return bad("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	p.skip(func(c byte) bool { return c != 0 && isSpace(c) })
	value := ""
	if p.at(p.i) == '=' {
		p.i++
		p.skip(func(c byte) bool { return c != 0 && isSpace(c) })
		if p.i >= len(p.in) {
			return bad("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
		}
		var err error
		if value, err = p.value(); err != nil {
			return err
		}
		if p.i >= len(p.in) {
			return bad("Unclosed start tag at byte offset %d", begin)
		}
	} else if p.i >= len(p.in) {
		return bad("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	tag.attributes[name] = value
	return nil
}

func (p *htmlParser) value() (string, error) {
	start := p.i
	quote := p.at(p.i)
	if quote != '"' && quote != '\'' {
		p.skip(func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' || c == '-' })
		if c := p.at(p.i); !isSpace(c) && c != '>' {
			return "", bad("Unexpected end of name token at byte offset %d", start)
		}
		return lower(p.in[start:p.i]), nil
	}
	p.i++
	var value strings.Builder
	for p.i < len(p.in) && p.in[p.i] != quote {
		if p.in[p.i] == '&' {
			if r, n := decodeReference(p.in[p.i:]); n > 0 {
				value.WriteRune(r)
				p.i += n
				continue
			}
		}
		value.WriteByte(p.in[p.i])
		p.i++
	}
	if p.i < len(p.in) {
		p.i++
	}
	return value.String(), nil
}

func (p *htmlParser) endTag() error {
	begin := p.i
	if len(p.open) == 0 {
		return bad("Unexpected end tag at byte offset %d", begin)
	}
	p.i += 2
	p.skip(func(c byte) bool { return !isSpace(c) && c != '>' })
	name := lower(p.in[min(begin+2, p.i):p.i])
	p.skip(func(c byte) bool { return c != 0 && isSpace(c) })
	if p.at(p.i) != '>' {
		return bad("Unclosed end tag at byte offset %d", begin)
	}
	p.i++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return bad("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units > tag.at {
		return p.closed(tag)
	}
	return nil
}

// closed makes an entity of a tag and its content.
func (p *htmlParser) closed(tag openTag) error {
	e := Entity{Type: entityOf[tag.name], Offset: tag.at, Length: p.units - tag.at}
	switch tag.name {
	case "a":
		return p.link(tag, e)
	case "tg-emoji":
		id, err := strconv.ParseInt(tag.attributes["emoji-id"], 10, 64)
		if err != nil || id == 0 {
			return bad("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = strconv.FormatInt(id, 10)
	case "tg-time":
		at, err := strconv.ParseInt(tag.attributes["unix"], 10, 32)
		if err != nil || at <= 0 {
			return nil //nolint:nilerr // Telegram takes what is no time for plain text.
		}
		e.UnixTime, e.DateFormat = at, tag.attributes["format"]
		if strings.Trim(e.DateFormat, "rwdDtT") != "" {
			return bad("Invalid date format used")
		}
	case "blockquote":
		if _, ok := tag.attributes["expandable"]; ok {
			e.Type = "expandable_blockquote"
		}
	case "pre", "code":
		if p.codeBlock(tag, &e) {
			return nil
		}
	}
	p.entities = append(p.entities, e)
	return nil
}

// codeBlock joins a pre and a code that says its language to one entity, where both have the same content.
func (p *htmlParser) codeBlock(tag openTag, e *Entity) bool {
	if class := tag.attributes["class"]; tag.name == "code" && strings.HasPrefix(class, "language-") {
		e.Language = strings.TrimPrefix(class, "language-")
	}
	if n := len(p.entities); n > 0 {
		last := &p.entities[n-1]
		inner := last.Offset == e.Offset && last.Length == e.Length
		switch {
		case inner && tag.name == "pre" && last.Type == "code" && last.Language != "":
			last.Type = "pre"
			return true
		case inner && tag.name == "code" && last.Type == "pre" && last.Language == "" && e.Language != "":
			last.Language = e.Language
			return true
		}
	}
	return false
}

// link makes an entity of a link, unless Telegram drops it.
func (p *htmlParser) link(tag openTag, e Entity) error {
	href := tag.attributes["href"]
	if href == "" {
		href = p.out.String()[tag.begin:]
	}
	if id := linkedUser(href); id > 0 {
		e.Type, e.User = "text_mention", &User{ID: id}
		p.entities = append(p.entities, e)
		return nil
	}
	if e.URL = checkedLink(href); e.URL == "" {
		p.dropped = append(p.dropped, href)
		return nil
	}
	p.entities = append(p.entities, e)
	return nil
}
