package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// A checker holds blocks against what Slack takes.
type checker struct {
	surface  string // "" a message, else the type of the view
	file     func(id string) bool
	problems []string
	ids      map[string]bool // of blocks
	actions  map[string]bool // of the block at hand
}

// A rule checks the value of a field.
type rule func(c *checker, at string, v any)

// A shape is what an object may hold.
type shape struct {
	need []string
	may  map[string]rule // every field but type
	also rule            // what no single field shows
	open bool            // fields that are not listed are let pass unseen
}

// checkBlocks lists what Slack would refuse blocks for; s.mu is held.
func (s *Server) checkBlocks(surface, at string, blocks []any) []string {
	c := &checker{surface: surface, ids: map[string]bool{}, file: func(id string) bool {
		f := s.world.file(id)
		return f != nil && f.completed && f.polls == 0
	}}
	most := 50
	if surface != "" {
		most = 100
	}
	if len(blocks) > most {
		c.fail(at, "no more than %d items allowed", most)
	}
	markdown, tables := 0, 0
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", at, i), b)
		m, _ := b.(object)
		switch text, _ := m["text"].(string); m["type"] {
		case "markdown":
			markdown += utf8.RuneCountInString(text)
		case "table":
			tables++
		}
	}
	if markdown > 12_000 {
		c.fail(at, "markdown blocks must be less than 12001 characters together")
	}
	if tables > 1 {
		c.fail(at, "only one table allowed")
	}
	return c.problems
}

// checkView lists what Slack would refuse a view for; s.mu is held.
func (s *Server) checkView(kind string, view object) []string {
	c := &checker{surface: kind, ids: map[string]bool{}}
	if view["type"] != kind {
		c.fail("/view/type", "must be %s", kind)
		return c.problems
	}
	c.shaped("/view", view, viewShapes[kind])
	blocks, _ := view["blocks"].([]any)
	inputs := slices.ContainsFunc(blocks, func(b any) bool { m, _ := b.(object); return m["type"] == "input" })
	if kind == "modal" && inputs && view["submit"] == nil {
		c.fail("/view", "missing required field: submit")
	}
	return append(c.problems, s.checkBlocks(kind, "/view/blocks", blocks)...)
}

func (c *checker) fail(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

func (c *checker) block(at string, v any) {
	m, ok := v.(object)
	if !ok {
		c.fail(at, "must be an object")
		return
	}
	kind, _ := m["type"].(string)
	sh, known := blockShapes[kind]
	if !known || !slices.Contains(surfaces[kind], c.surface) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	if id, _ := m["block_id"].(string); id != "" {
		if c.ids[id] {
			c.fail(at+"/block_id", "`block_id` `%s` already exists", id)
		}
		c.ids[id] = true
	}
	c.actions = map[string]bool{}
	c.shaped(at, m, sh)
}

// shaped holds an object against its shape.
func (c *checker) shaped(at string, m object, sh shape) {
	for _, name := range sh.need {
		if m[name] == nil {
			c.fail(at, "missing required field: %s", name)
		}
	}
	for _, name := range sortedKeys(m) {
		rule, known := sh.may[name]
		switch {
		case name == "type":
		case known && m[name] != nil:
			rule(c, at+"/"+name, m[name])
		case !known && !sh.open:
			c.fail(at, "invalid additional property: %s", name)
		}
	}
	if sh.also != nil {
		sh.also(c, at, m)
	}
}

func pass(*checker, string, any) {}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(at, "must be a boolean")
	}
}

func number(from, to float64) rule {
	return func(c *checker, at string, v any) {
		if n, ok := v.(float64); !ok || n < from || n > to {
			c.fail(at, "must be a number from %v to %v", from, to)
		}
	}
}

func oneOf(words ...string) rule {
	return func(c *checker, at string, v any) {
		if word, ok := v.(string); !ok || !slices.Contains(words, word) {
			c.fail(at, "must be one of %v", words)
		}
	}
}

// chars is a string of so many characters.
func chars(least, most int) rule {
	return func(c *checker, at string, v any) {
		text, ok := v.(string)
		switch n := utf8.RuneCountInString(text); {
		case !ok:
			c.fail(at, "must provide a string")
		case n < least:
			c.fail(at, "must be more than %d characters", least-1)
		case n > most:
			c.fail(at, "must be less than %d characters", most+1)
		}
	}
}

// list is a list of so many elements of a kind.
func list(least, most int, each rule) rule {
	return func(c *checker, at string, v any) {
		elements, ok := v.([]any)
		switch {
		case !ok:
			c.fail(at, "must be an array")
		case len(elements) < least:
			c.fail(at, "no fewer than %d items allowed", least)
		case len(elements) > most:
			c.fail(at, "no more than %d items allowed", most)
		}
		for i, e := range elements {
			each(c, fmt.Sprintf("%s/%d", at, i), e)
		}
	}
}

// of is an object of a shape, whatever its type.
func of(sh func() shape) rule {
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		c.shaped(at, m, sh())
	}
}

// text is a text object of the types.
func text(most int, types ...string) rule {
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		kind, _ := m["type"].(string)
		if !slices.Contains(types, kind) {
			c.fail(at+"/type", "must be one of %v", types)
			return
		}
		may := map[string]rule{"text": chars(1, most), "emoji": boolean}
		if kind == "mrkdwn" {
			may = map[string]rule{"text": chars(1, most), "verbatim": boolean}
		}
		c.shaped(at, m, shape{need: []string{"text"}, may: may})
	}
}

func plain(most int) rule  { return text(most, "plain_text") }
func marked(most int) rule { return text(most, "plain_text", "mrkdwn") }

// element is an interactive or other element of one of the types.
func element(types []string) rule {
	return func(c *checker, at string, v any) {
		m, _ := v.(object)
		kind, _ := m["type"].(string)
		if !slices.Contains(types, kind) {
			c.fail(at+"/type", "unsupported type: %s", kind)
			return
		}
		if id, _ := m["action_id"].(string); id != "" {
			if c.actions[id] {
				c.fail(at+"/action_id", "`action_id` `%s` already exists for this block", id)
			}
			c.actions[id] = true
		}
		c.shaped(at, m, elementShapes()[kind])
	}
}

// contextual is what stands in a context block: a text or a picture.
func contextual(c *checker, at string, v any) {
	m, _ := v.(object)
	if m["type"] == "image" {
		element([]string{"image"})(c, at, v)
		return
	}
	marked(3000)(c, at, v)
}

// picture checks that an image comes from one place, which is ready.
func picture(c *checker, at string, v any) {
	m, _ := v.(object)
	if (m["image_url"] == nil) == (m["slack_file"] == nil) {
		c.fail(at, "must have either image_url or slack_file")
	}
	file, _ := m["slack_file"].(object)
	if id, ok := file["id"].(string); ok && (c.file == nil || !c.file(id)) {
		c.fail(at+"/slack_file", "invalid slack file")
	}
}

// contents checks that a section has something in it.
func contents(c *checker, at string, v any) {
	if m, _ := v.(object); m["text"] == nil && m["fields"] == nil {
		c.fail(at, "missing required field: text or fields")
	}
}

// choices checks that a menu has its options in one of two ways.
func choices(c *checker, at string, v any) {
	if m, _ := v.(object); (m["options"] == nil) == (m["option_groups"] == nil) {
		c.fail(at, "must have either options or option_groups")
	}
}

// decode reads JSON whose shape is not known.
func decode(raw []byte) any {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}
