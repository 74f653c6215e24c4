package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"stancebot/adapters/lenient"
	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
)

// The limits of Slack that a form may come near, in characters.
const (
	maxFormValue   = 2000 // of the button that opens it
	maxFields      = 10   // ours: Slack takes a hundred blocks
	maxTitle       = 24
	maxFieldLabel  = 2000
	maxPlaceholder = 150
	maxTyped       = 3000
	maxTypedInAll  = 3600 // a question that is longer is not read
)

// formID is the callback_id of forms.
const formID = "form"

// formLimit is how long a form may take to open. What opens it lives for 3 seconds, and the press is to be acknowledged within as many.
const formLimit = 2 * time.Second

// A form is what the button of a choice holds that asks for words: nobody remembers what was asked for between a post and the day on
// which somebody presses.
type form struct {
	Command string  `json:"c"`
	Asks    []field `json:"a"`
}

// A field is a bot.Ask with short names: a button holds little.
type field struct {
	Label string `json:"l"`
	Hint  string `json:"h,omitempty"`
	Long  bool   `json:"s,omitempty"`
}

// formValue writes the form of a choice, "" where it asks for nothing or is too large for a button. Its command is typed then, and the
// answer says how.
func formValue(c bot.Choice) string {
	if len(c.Asks) == 0 || len(c.Asks) > maxFields {
		return ""
	}
	f := form{Command: c.Command}
	for _, ask := range c.Asks {
		if ask.Label == "" {
			return ""
		}
		f.Asks = append(f.Asks, field(ask))
	}
	value, err := json.Marshal(f)
	if err != nil || utf8.RuneCount(value) > maxFormValue {
		return ""
	}
	return string(value)
}

// readPressedForm reads the value of a form's button. One that is none has no command.
func readPressedForm(value string) (f form) {
	if json.Unmarshal([]byte(value), &f) != nil {
		return form{}
	}
	return f
}

// An origin is where a form was opened, and what for. It is kept with the form until that is sent, so that a process that knows
// nothing of it can take what was typed.
type origin struct {
	Command  string `json:"command"`
	Language string `json:"language"`
	Channel  string `json:"channel,omitempty"`
	Thread   string `json:"thread,omitempty"`
	Private  bool   `json:"private,omitempty"`
}

// view is the form that a press opens: what will be typed, and a field for each answer behind it.
func (act *action) view() (slack.ModalViewRequest, error) {
	from, err := json.Marshal(origin{act.command, act.language, act.channel, act.thread, act.private})
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("slack: cannot write the form: %w", err)
	}
	p := phrases.In(act.language)
	blocks := []slack.Block{slack.NewContextBlock("", mrkdwn(escape(act.command)))}
	most := min(maxTyped, maxTypedInAll/max(1, len(act.form.Asks)))
	for i, ask := range act.form.Asks {
		blocks = append(blocks, ask.input(i, most))
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: formID, PrivateMetadata: string(from), Blocks: slack.Blocks{BlockSet: blocks},
		Title: plain(cut(cmp.Or(act.label, act.command), maxTitle)), Submit: plain(p.Say("slack.form.send")), Close: plain(p.Say("slack.form.close")),
	}, nil
}

// fieldID names the block of a field, and its only input.
func fieldID(i int) string { return fmt.Sprintf("field:%d", i) }

// input is the block in which an answer of at most so many characters is typed.
func (f field) input(i, most int) *slack.InputBlock {
	var placeholder *slack.TextBlockObject
	if f.Hint != "" {
		placeholder = plain(cut(f.Hint, maxPlaceholder))
	}
	typed := slack.NewPlainTextInputBlockElement(placeholder, fieldID(i))
	typed.Multiline, typed.MaxLength = f.Long, most
	return slack.NewInputBlock(fieldID(i), plain(cut(f.Label, maxFieldLabel)), nil, typed)
}

// readSubmission reads what was typed into a form, as though it had been typed where the button is: the command with the answers
// behind it, on one line.
func (act *action) readSubmission(view lenient.Object) {
	act.callback, act.sent = view.Text("callback_id"), view.Text("id")
	var from origin
	if act.callback != formID || json.Unmarshal([]byte(view.Text("private_metadata")), &from) != nil || from.Command == "" {
		return
	}
	act.language, act.channel, act.thread, act.private = from.Language, from.Channel, from.Thread, from.Private
	words := []string{from.Command}
	values := view.In("state").In("values")
	for i := 0; values.Has(fieldID(i)); i++ {
		words = append(words, strings.Fields(withFlags(values.In(fieldID(i)).In(fieldID(i)).Text("value")))...)
	}
	act.command = strings.Join(words, " ")
}

// receiveForm opens the form of a button. Where it does not open, the press is worked as that of the plain command: its answer says
// what is to be typed.
func (a *Adapter) receiveForm(ctx context.Context, act *action, raw []byte) verdict {
	key := "form " + act.trigger
	if a.seen.has(key) {
		return repeated
	}
	if a.opens(ctx, act) {
		a.seen.add(key)
		return opened
	}
	v := a.record(ctx, parcel{wayAction, raw}, act.keys(), act.queue())
	if v != refused {
		a.seen.add(key)
	}
	return v
}

// opens opens a form, and reports whether it is open: also where the same press opened it elsewhere.
func (a *Adapter) opens(ctx context.Context, act *action) bool {
	view, err := act.view()
	if err == nil {
		ctx, end := context.WithTimeout(ctx, formLimit)
		defer end()
		err = a.api.at(act.team).open(ctx, act.trigger, view)
	}
	if err != nil && codeOf(err) != "exchanged_trigger_id" {
		a.Log.WarnContext(ctx, "a form was not opened: how the command is typed is told instead", "error", err)
		return false
	}
	return true
}

// submit does what was typed into a form, and shows the answer to whoever typed it.
func (a *Adapter) submit(ctx context.Context, ev *inbox.Event, act *action) error {
	conversation := act.user // of a form of the home tab
	if act.channel != "" {
		conversation = act.conversation()
	}
	req := a.pressed(ctx, act, conversation)
	r := a.Bot.Handle(ctx, req)
	at := Place{Team: act.team}
	if act.private && !isDirect(act.channel) {
		at.Share = shareable(&r)
	}
	m := a.render(&r, at)
	if m.Empty() {
		return nil
	}
	t := Telling{Desk: req.Desk, Place: place(act.team, act.user, ""), Private: true, Reply: r}
	var err error
	t.Message, err = a.showTyper(ctx, ev, act, posting{team: act.team, channel: act.channel, thread: act.thread, id: ev.ID, message: m}, r.Language)
	if isDirect(act.channel) {
		t.Place = place(act.team, act.channel, act.thread)
	}
	return a.told(err, t)
}

// showTyper shows the answer to a form where its button is, to its person alone. It returns the ts of the message where there is one.
func (a *Adapter) showTyper(ctx context.Context, ev *inbox.Event, act *action, p posting, language string) (ts string, err error) {
	switch {
	case isDirect(p.channel):
		ts, err = a.postOnce(ctx, ev, p, language)
	case p.channel != "":
		err = a.api.at(act.team).whisper(ctx, p.channel, act.user, p.thread, p.message)
	}
	code := codeOf(err)
	if p.channel != "" && !goneCodes[code] && code != "user_not_in_channel" {
		return ts, err
	}
	p.channel, p.thread = act.user, "" // a button may stand where the app may not write: it was a command's there
	return a.postOnce(ctx, ev, p, language)
}
