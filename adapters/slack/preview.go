package slack

import (
	"html"
	"html/template"
	"strings"

	"github.com/slack-go/slack"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// A Shown is a message as a preview shows it, with what Slack writes around one.
type Shown struct {
	Name     string     // who wrote it
	Time     string     // as the client writes it
	Language string     // of the client
	Typed    string     // what a person wrote; a Reply is the program's
	Reply    *bot.Reply // nil where a person wrote
	Team     string     // the workspace
	Private  bool       // its reader alone sees it
	Edited   bool
	Repeated bool   // it may be there twice
	Share    bool   // its reader may share it
	SharedBy string // the id of who had it shared, "" for nobody
	File     string // the address of the file that goes with it, "" for none
	// Call names a person by what Slack names them, slack:T1:U2, and is "" for a stranger; nil knows nobody.
	Call func(account string) string
}

// Preview draws a message as Slack shows it, in classes that begin with slack-. It takes what is sent: the blocks are those of Render. What
// can be pressed is a button named press or share whose value is the command, for a form around it.
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
	head := p.Name
	if p.App != "" {
		head += " " + p.App
	}
	head += "  " + p.Time
	if p.Edited != "" {
		head += "  (" + p.Edited + ")"
	}
	if p.Private != "" {
		head += "  · " + p.Private
	}
	lines := []string{head}
	for i := range p.Blocks {
		lines = append(lines, p.Blocks[i].text()...)
	}
	if p.File != nil {
		lines = append(lines, p.File.Name+" · "+p.File.Note)
	}
	return strings.Join(lines, "\n")
}

// A previewed is a message taken apart as far as a page shows it.
type previewed struct {
	Name, Initial, Time, App string
	Edited, Private          string // the marks, "" for none
	Language                 string // of what it says
	Typed                    bool
	Blocks                   []previewBlock
	File                     *previewFile
}

type previewFile struct {
	*bot.File

	Address string
}

// A previewBlock is one block: a header, a section, a context, or actions.
type previewBlock struct {
	Kind  string
	Lines [][]span
	Keys  []key
}

// A span is a part of a line that is shown in one way.
type span struct {
	Text, Page                         string
	Bold, Italic, Struck, Code, Person bool
}

// A key is what can be pressed: a button, or a menu of them.
type key struct {
	Label, Name, Command string
	Menu                 []key
}

func (s *Shown) preview() *previewed {
	p := &previewed{Name: s.Name, Initial: initial(s.Name), Time: s.Time, Typed: s.Reply == nil}
	client := phrases.In(s.Language)
	if s.Reply == nil {
		p.Blocks = []previewBlock{{Kind: "section", Lines: s.lines(escape(s.Typed))}}
		return p
	}
	p.App, p.Language = client.Say("demo.slack.app"), s.Reply.Language
	if s.Edited {
		p.Edited = client.Say("demo.edited")
	}
	if s.Private {
		p.Private = client.Say("demo.slack.only")
	}
	for _, blk := range s.message().Blocks {
		p.Blocks = append(p.Blocks, s.block(blk)...)
	}
	if f := s.Reply.File; f != nil {
		p.File = &previewFile{f, s.File}
	}
	return p
}

// message is what would be sent.
func (s *Shown) message() Message {
	at := Place{Team: s.Team}
	if s.Share {
		at.Share = shareable(s.Reply)
	}
	m := Render(withSlackHelp(s.Reply), at)
	if s.SharedBy != "" {
		m = m.noted((&action{user: s.SharedBy}).sharedBy(s.Reply.Language))
	}
	if s.Repeated {
		m = m.marked(s.Reply.Language, "slack.repeated")
	}
	return m
}

// initial is what stands for a person's picture.
func initial(name string) string {
	for _, r := range name {
		return strings.ToUpper(string(r))
	}
	return ""
}

func (s *Shown) block(blk slack.Block) []previewBlock {
	switch blk := blk.(type) {
	case *slack.HeaderBlock:
		return []previewBlock{{Kind: "header", Lines: [][]span{{{Text: blk.Text.Text}}}}}
	case *slack.SectionBlock:
		return []previewBlock{{Kind: "section", Lines: s.lines(blk.Text.Text)}}
	case *slack.ContextBlock:
		b := previewBlock{Kind: "context"}
		for _, e := range blk.ContextElements.Elements {
			if text, ok := e.(*slack.TextBlockObject); ok {
				b.Lines = append(b.Lines, s.lines(text.Text)...)
			}
		}
		return []previewBlock{b}
	case *slack.ActionBlock:
		b := previewBlock{Kind: "actions"}
		for _, e := range blk.Elements.ElementSet {
			b.Keys = append(b.Keys, keyOf(e))
		}
		return []previewBlock{b}
	}
	return nil
}

// keyOf is what an element of actions offers.
func keyOf(e slack.BlockElement) key {
	switch e := e.(type) {
	case *slack.ButtonBlockElement:
		k := key{Label: e.Text.Text, Name: "press", Command: e.Value}
		switch kind, _, _ := strings.Cut(e.ActionID, ":"); kind {
		case actionForm:
			k.Command = readPressedForm(e.Value).Command
		case actionShare:
			k.Name = "share"
		}
		return k
	case *slack.OverflowBlockElement:
		return menu("⋯", e.Options)
	case *slack.SelectBlockElement:
		return menu(e.Placeholder.Text, e.Options)
	}
	return key{}
}

func menu(label string, options []*slack.OptionBlockObject) key {
	k := key{Label: label}
	for _, o := range options {
		k.Menu = append(k.Menu, key{Label: o.Text.Text, Name: "press", Command: o.Value})
	}
	return k
}

// lines reads mrkdwn as Slack does.
func (s *Shown) lines(text string) [][]span {
	var lines [][]span
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, s.spans(nil, line, span{}))
	}
	return lines
}

// formatting is what signs do where they stand beside a word.
var formatting = map[byte]func(*span){
	'*': func(s *span) { s.Bold = true }, '_': func(s *span) { s.Italic = true }, '~': func(s *span) { s.Struck = true }, '`': func(s *span) { s.Code = true },
}

// spans reads a part of a line that is shown in a way, behind what was read.
func (s *Shown) spans(read []span, text string, way span) []span {
	plain := 0 // from here on it is not read yet
	flush := func(to int) {
		if plain < to {
			way.Text = html.UnescapeString(text[plain:to])
			read = append(read, way)
		}
	}
	for at := 0; at < len(text); at++ {
		end := -1
		if text[at] == '<' {
			end = strings.IndexByte(text[at:], '>')
		} else if formatting[text[at]] != nil && (at == 0 || !isWord(rune(text[at-1]))) {
			end = closing(text[at:])
		}
		if end < 0 {
			continue
		}
		flush(at)
		inner := text[at+1 : at+end]
		if text[at] == '<' {
			read = append(read, s.angled(inner, way))
		} else {
			formatted := way
			formatting[text[at]](&formatted)
			read = s.spans(read, inner, formatted)
		}
		at += end
		plain = at + 1
	}
	flush(len(text))
	return read
}

// closing finds the sign that ends what the first one begins, or returns -1.
func closing(text string) int {
	for end := 2; end < len(text); end++ {
		if text[end] == text[0] && (end+1 == len(text) || !isWord(rune(text[end+1]))) {
			return end
		}
	}
	return -1
}

// angled reads what stands between angle brackets: a person, or a page.
func (s *Shown) angled(inner string, way span) span {
	if user, ok := strings.CutPrefix(inner, "@"); ok {
		way.Person, way.Text = true, "@"+user
		if s.Call != nil {
			if name := s.Call(place(s.Team, user, "")); name != "" {
				way.Text = "@" + name
			}
		}
		return way
	}
	page, label, labelled := strings.Cut(inner, "|")
	if !labelled {
		label = page
	}
	way.Page, way.Text = html.UnescapeString(page), html.UnescapeString(label)
	return way
}

func (b *previewBlock) text() []string {
	var lines []string
	for _, line := range b.Lines {
		var said strings.Builder
		for i := range line {
			said.WriteString(line[i].Text)
		}
		lines = append(lines, said.String())
	}
	if len(b.Keys) > 0 {
		keys := make([]string, len(b.Keys))
		for i, k := range b.Keys {
			keys[i] = "[" + k.Label + "]"
		}
		lines = append(lines, strings.Join(keys, " "))
	}
	return lines
}

var previews = template.Must(template.New("slack").Parse(`
{{- define "span"}}{{if .Bold}}<b>{{end}}{{if .Italic}}<i>{{end}}{{if .Struck}}<s>{{end}}{{if .Code}}<code>{{end}}
{{- if .Page}}<a class="slack-link" href="{{.Page}}" rel="noopener noreferrer" target="_blank">{{.Text}}</a>
{{- else if .Person}}<span class="slack-person">{{.Text}}</span>{{else}}{{.Text}}{{end}}
{{- if .Code}}</code>{{end}}{{if .Struck}}</s>{{end}}{{if .Italic}}</i>{{end}}{{if .Bold}}</b>{{end}}{{end}}
{{- define "key"}}<button class="slack-button" type="submit" name="{{.Name}}" value="{{.Command}}">{{.Label}}</button>{{end -}}
<article class="slack-message{{if .Private}} slack-private{{end}}">
<span class="slack-avatar{{if not .Typed}} slack-bot{{end}}" aria-hidden="true">{{.Initial}}</span>
<div class="slack-body">
{{- if .Private}}
<p class="slack-only">{{.Private}}</p>
{{- end}}
<p class="slack-head"><b class="slack-name">{{.Name}}</b>{{if .App}} <span class="slack-app">{{.App}}</span>{{end}} <span class="slack-time">{{.Time}}</span>{{if .Edited}} <span class="slack-edited">({{.Edited}})</span>{{end}}</p>
<div class="slack-blocks"{{if .Language}} lang="{{.Language}}"{{end}}>
{{- range .Blocks}}
<div class="slack-{{.Kind}}">{{range .Lines}}<p>{{range .}}{{template "span" .}}{{end}}</p>{{end}}
{{- range .Keys}}{{if .Menu}}<details class="slack-menu"><summary class="slack-button">{{.Label}}</summary><div class="slack-options">{{range .Menu}}{{template "key" .}}{{end}}</div></details>{{else}}{{template "key" .}}{{end}}{{end}}</div>
{{- end}}
{{- with .File}}
<p class="slack-file">{{if and .IsPicture .Address}}<img src="{{.Address}}" alt="{{.Alt}}">{{else if .Address}}<a href="{{.Address}}" download="{{.Name}}">{{.Name}}</a>{{else}}{{.Name}}{{end}} <span class="slack-note">{{.Note}}</span></p>
{{- end}}
</div>
</div>
</article>
`))
