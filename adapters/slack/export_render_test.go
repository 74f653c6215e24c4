package slack

import (
	"github.com/slack-go/slack"

	"stancebot/bot"
)

// What the tests of the rendering ask for as the adapter does.
var (
	Shareable     = shareable
	WithSlackHelp = withSlackHelp
)

// FormOf is the form that a choice opens, and whether it opens one.
func FormOf(c bot.Choice, language string) (view slack.ModalViewRequest, opens bool) {
	act := action{command: c.Command, language: language, label: c.Label, form: readPressedForm(formValue(c))}
	view, err := act.view()
	return view, err == nil && act.form.Command != ""
}
