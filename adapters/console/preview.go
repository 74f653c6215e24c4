package console

import (
	"html/template"
	"strings"

	"stancebot/bot"
	"stancebot/bot/contract"
)

// A Shown is a line of a conversation as a preview shows it: what a person typed, or what was answered.
type Shown struct {
	Typed string
	Reply *bot.Reply // nil for what was typed
}

// Preview draws what a terminal shows, in classes that begin with terminal-.
func Preview(s *Shown) (template.HTML, error) {
	page := struct{ Prompt, Typed, Printed, Language string }{Prompt: prompt, Typed: s.Typed}
	if s.Reply != nil {
		page.Printed, page.Language = contract.Text(s.Reply), s.Reply.Language
	}
	var b strings.Builder
	if err := previews.Execute(&b, page); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // it was written by html/template
}

// PreviewText writes the same as lines.
func PreviewText(s *Shown) string {
	if s.Reply == nil {
		return prompt + s.Typed
	}
	return contract.Text(s.Reply)
}

var previews = template.Must(template.New("terminal").Parse(
	`<pre class="terminal-message"{{if .Language}} lang="{{.Language}}"{{end}}>` +
		`{{if .Language}}{{.Printed}}{{else}}<span class="terminal-prompt">{{.Prompt}}</span><span class="terminal-typed">{{.Typed}}</span>{{end}}</pre>`))
