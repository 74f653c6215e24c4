package adaptertest

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// A Preview is what a page shows of a message.
type Preview struct {
	Text    string   // all that is read
	Presses []string // the commands of what can be pressed, in their order
	Links   []string // where it leads
	Faults  []string // what no preview may hold
}

// token is a tag of HTML as html/template leaves it, or the text before it.
var (
	token     = regexp.MustCompile(`<(/?)([a-zA-Z!][a-zA-Z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>|<`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// allowed are the elements of previews, with their attributes.
var allowed = map[string][]string{
	"article": {"class"}, "div": {"class", "lang"}, "span": {"class", "aria-hidden"}, "p": {"class"}, "b": {"class"}, "i": nil, "s": nil, "code": nil,
	"a": {"class", "href", "rel", "target", "download"}, "img": {"src", "alt"}, "button": {"class", "type", "name", "value", "disabled"},
	"details": {"class"}, "summary": {"class"}, "blockquote": {"class", "tabindex"},
}

// ReadPreview reads the HTML of a preview. It knows no more of HTML than previews may hold: all else is a fault.
func ReadPreview(page string) *Preview {
	p := &Preview{}
	fault := func(format string, args ...any) { p.Faults = append(p.Faults, fmt.Sprintf(format, args...)) }
	var text strings.Builder
	var open []string
	rest := page
	for {
		at := token.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		text.WriteString(html.UnescapeString(rest[:at[0]]))
		if at[4] < 0 {
			fault("a sign that begins no tag of ours: %.60q", rest[at[0]:])
			rest = rest[at[1]:]
			continue
		}
		end, name, attributes := at[2] < at[3], rest[at[4]:at[5]], rest[at[6]:at[7]]
		rest = rest[at[1]:]
		if end {
			if len(open) == 0 || open[len(open)-1] != name {
				fault("</%s> ends nothing", name)
				continue
			}
			open = open[:len(open)-1]
			continue
		}
		if name != "img" {
			open = append(open, name)
		}
		p.element(name, attributes, fault)
	}
	text.WriteString(html.UnescapeString(rest))
	if len(open) > 0 {
		fault("%q are not ended", open)
	}
	p.Text = text.String()
	return p
}

func (p *Preview) element(name, attributes string, fault func(string, ...any)) {
	may, known := allowed[name]
	if !known {
		fault("an element <%s>", name)
	}
	value := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(attributes, -1) {
		value[m[1]] = html.UnescapeString(m[2])
		if !slices.Contains(may, m[1]) {
			fault("an attribute %s of <%s>", m[1], name)
		}
	}
	switch page := value["href"]; {
	case name == "a" && value["download"] == "" && !strings.HasPrefix(page, "https://") && !strings.HasPrefix(page, "http://"):
		fault("a link to %q", page)
	case name == "a":
		p.Links = append(p.Links, page)
	case name == "button" && value["value"] != "":
		p.Presses = append(p.Presses, value["value"])
	}
}
