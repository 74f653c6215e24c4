package telegram

import (
	"html"
	"html/template"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// A Shown is a message as a preview shows it, with what Telegram writes around one.
type Shown struct {
	Name     string     // who wrote it
	Time     string     // as the client writes it
	Language string     // of the client
	Typed    string     // what a person wrote; a Reply is the program's
	Reply    *bot.Reply // nil where a person wrote
	To       string     // what it is a reply to, as the client repeats that; "" for none
	Edited   bool
	Repeated bool   // it may be there twice
	File     string // the address of the file that goes with it, "" for none
}

// Preview draws a message as Telegram shows it, of classes that begin with telegram-. It takes what is sent: the texts and the keyboard are
// those of Render. What can be pressed is a button named press whose value is the command, for a form around it.
func Preview(s *Shown) (template.HTML, error) {
	var b strings.Builder
	if err := previews.Execute(&b, s.preview()); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // it was written by html/template
}

// PreviewText writes the same as lines, what can be pressed between brackets.
func PreviewText(s *Shown) string {
	p := s.preview()
	lines := []string{p.Name + "  " + p.Time}
	if p.Edited != "" {
		lines[0] += "  " + p.Edited
	}
	for _, part := range p.Parts {
		lines = append(lines, textOf(part))
	}
	if p.File != nil {
		lines = append(lines, p.File.Name+" · "+p.File.Note)
	}
	for _, row := range p.Keys {
		keys := make([]string, len(row))
		for i, k := range row {
			keys[i] = "[" + k.Label + "]"
		}
		lines = append(lines, strings.Join(keys, " "))
	}
	return strings.Join(lines, "\n")
}

// A previewed is a message taken apart as far as a page shows it.
type previewed struct {
	Name, Time, Edited, To string
	Language               string // of what it says
	Typed                  bool
	Parts                  [][]node
	Keys                   [][]key
	File                   *previewFile
}

type previewFile struct {
	*bot.File

	Address string
}

// A node is a text, or an element with what stands in it.
type node struct {
	Text string // of a text
	Tag  string // of an element: b, i, code, a, blockquote
	Page string // of a link
	In   []node
}

// A key is a button: what it asks, or what it copies, or neither where it leads out of the preview.
type key struct{ Label, Command, Copy string }

func (s *Shown) preview() *previewed {
	p := &previewed{Name: s.Name, Time: s.Time, To: s.To, Typed: s.Reply == nil}
	if s.Reply == nil {
		p.Parts = [][]node{{{Text: s.Typed}}}
		return p
	}
	p.Language = s.Reply.Language
	if s.Edited {
		p.Edited = phrases.In(s.Language).Say("demo.edited")
	}
	m := Render(s.Reply)
	for i, part := range m.Parts {
		if s.Repeated && i == 0 {
			part += "\n" + italic(escape(phrases.In(s.Reply.Language).Say("telegram.repeated")))
		}
		p.Parts = append(p.Parts, nodesOf(part))
	}
	for _, row := range m.Keys {
		keys := make([]key, len(row))
		for i, b := range row {
			keys[i] = keyOf(&b)
		}
		p.Keys = append(p.Keys, keys)
	}
	if f := s.Reply.File; f != nil {
		p.File = &previewFile{f, s.File}
	}
	return p
}

func keyOf(b *Button) key {
	k := key{Label: b.Text}
	if b.Data != "" {
		k.Command, _, _ = pressedCommand(b.Data)
	}
	if b.Copy != nil {
		k.Copy = b.Copy.Text
	}
	return k
}

// nodesOf reads HTML of ours, as Telegram's parser does: what is no tag of it is text.
func nodesOf(text string) []node {
	nodes, _ := elements(text, "")
	return nodes
}

// elements reads up to the end of an element, and returns what is behind it.
func elements(text, within string) (read []node, rest string) {
	for text != "" {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			return append(read, node{Text: html.UnescapeString(text)}), ""
		}
		if at > 0 {
			read = append(read, node{Text: html.UnescapeString(text[:at])})
		}
		tag, behind, _ := strings.Cut(text[at+1:], ">")
		text = behind
		name, attributes, _ := strings.Cut(tag, " ")
		if end, ok := strings.CutPrefix(name, "/"); ok {
			if end == within {
				return read, text
			}
			continue
		}
		n := node{Tag: name}
		if page, ok := strings.CutPrefix(attributes, `href="`); ok {
			n.Page = html.UnescapeString(strings.TrimSuffix(page, `"`))
		}
		n.In, text = elements(text, name)
		read = append(read, n)
	}
	return read, ""
}

func textOf(nodes []node) string {
	var b strings.Builder
	for i := range nodes {
		b.WriteString(nodes[i].Text)
		b.WriteString(textOf(nodes[i].In))
	}
	return b.String()
}

// IsPerson reports whether a link leads to a person, which only an app can follow.
func (n node) IsPerson() bool { return strings.HasPrefix(n.Page, "tg:") }

var previews = template.Must(template.New("telegram").Parse(`
{{- define "nodes"}}{{range .}}
{{- if eq .Tag ""}}{{.Text}}
{{- else if eq .Tag "b"}}<b>{{template "nodes" .In}}</b>
{{- else if eq .Tag "i"}}<i>{{template "nodes" .In}}</i>
{{- else if eq .Tag "code"}}<code>{{template "nodes" .In}}</code>
{{- else if eq .Tag "blockquote"}}<blockquote class="telegram-fold" tabindex="0">{{template "nodes" .In}}</blockquote>
{{- else if .IsPerson}}<span class="telegram-person">{{template "nodes" .In}}</span>
{{- else}}<a class="telegram-link" href="{{.Page}}" rel="noopener noreferrer" target="_blank">{{template "nodes" .In}}</a>
{{- end}}{{end}}{{end -}}
<article class="telegram-message{{if .Typed}} telegram-typed{{end}}">
{{- $p := .}}
{{- range $i, $part := .Parts}}
<div class="telegram-bubble">
{{- if eq $i 0}}
<p class="telegram-name">{{$p.Name}}</p>
{{- if $p.To}}<p class="telegram-to">{{$p.To}}</p>{{end}}
{{- end}}
<div class="telegram-text"{{if $p.Language}} lang="{{$p.Language}}"{{end}}>{{template "nodes" $part}}</div>
<p class="telegram-time">{{if $p.Edited}}{{$p.Edited}} {{end}}{{$p.Time}}</p>
</div>
{{- end}}
{{- range .Keys}}
<div class="telegram-row">
{{- range .}}
{{- if .Command}}<button class="telegram-key" type="submit" name="press" value="{{.Command}}">{{.Label}}</button>
{{- else if .Copy}}<details class="telegram-copy"><summary class="telegram-key">{{.Label}}</summary><p>{{.Copy}}</p></details>
{{- else}}<button class="telegram-key" type="button" disabled>{{.Label}}</button>{{end}}
{{- end}}</div>
{{- end}}
{{- with .File}}
<div class="telegram-bubble telegram-file">{{if and .IsPicture .Address}}<img src="{{.Address}}" alt="{{.Alt}}">{{else if .Address}}<a href="{{.Address}}" download="{{.Name}}">{{.Name}}</a>{{else}}{{.Name}}{{end}} <p class="telegram-note">{{.Note}}</p></div>
{{- end}}
</article>
`))
