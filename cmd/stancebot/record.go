package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"

	"golang.org/x/term"

	"stancebot/bot/desk"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

type recordCommand struct {
	Assessment recordAssessment `cmd:"" help:"Record where a country stands on one axis, from a day on."`
	Event      recordEvent      `cmd:"" help:"Record something that happened."`
	Membership recordMembership `cmd:"" help:"Record a standing to an organisation."`
	Measure    recordMeasure    `cmd:"" help:"Record a sanction, a listing or the like."`
	Vote       recordVote       `cmd:"" help:"Record how a state voted where the roll call was not read, or reads otherwise."`
	Withdraw   recordWithdraw   `cmd:"" help:"Take an entry of the desk back. It stays in the ledger, and counts no longer."`
}

// Help is what record --help adds.
func (*recordCommand) Help() string {
	return `Examples:
  stancebot record assessment BOL russia leaning_adversary --since 2025-11-08 --source https://…
  stancebot record event COL "A new president took office." --on 2026-08-07 --kind leader --source https://…
  stancebot record withdraw D-17 --reason "wrong country"

The author is console:USER, who must be among STANCEBOT_EDITORS. Unless STANCEBOT_FOUR_EYES=false, what is recorded is a
proposal that a second person approves.`
}

// recordFlags are those of every record.
type recordFlags struct {
	Reason string `help:"Why it is done."`
	Yes    bool   `short:"y" help:"Do it without asking."`
}

type recordAssessment struct {
	Country string   `arg:"" help:"The country: an alpha-3 code or its name."`
	Axis    string   `arg:"" help:"russia or washington."`
	Label   string   `arg:"" help:"The label, such as leaning_adversary."`
	Since   string   `required:"" placeholder:"DAY" help:"The day from which it holds."`
	Source  string   `required:"" placeholder:"URL" help:"The page that it rests on."`
	Claim   []string `placeholder:"ID" help:"A receipt that it rests on, too; may be given again."`
	Note    string   `help:"Why, in a sentence that readers will see."`
	recordFlags
}

// Run records an assessment.
func (r *recordAssessment) Run(env *environment) error {
	p := ledger.Assessment{Axis: knowledge.Axis(r.Axis), Label: knowledge.Label(r.Label), Source: r.Source, Claims: r.Claim, Note: r.Note}
	return env.record(r.recordFlags, func(in *input) any {
		p.Country = in.country(r.Country)
		p.Since = in.day("--since", r.Since)
		return p
	})
}

type recordEvent struct {
	Country string   `arg:"" help:"The country: an alpha-3 code or its name."`
	Text    string   `arg:"" help:"What happened, in a sentence."`
	On      string   `required:"" placeholder:"DATE" help:"The day or month on which it happened."`
	Kind    string   `required:"" help:"What it is about, such as leader, election or membership."`
	Source  string   `required:"" placeholder:"URL" help:"The page that tells it."`
	Against []string `placeholder:"ID" help:"A claim that it speaks against; may be given again."`
	recordFlags
}

// Run records an event.
func (r *recordEvent) Run(env *environment) error {
	p := ledger.Event{Kind: knowledge.Kind(r.Kind), Text: r.Text, Source: r.Source, Against: r.Against}
	return env.record(r.recordFlags, func(in *input) any {
		p.Country = in.country(r.Country)
		p.On = in.date("--on", r.On)
		return p
	})
}

// periodFlags are those of what holds for a time.
type periodFlags struct {
	From   string `required:"" placeholder:"DATE" help:"The day, month or year from which it holds."`
	To     string `placeholder:"DATE" help:"The day, month or year of its end."`
	Source string `required:"" placeholder:"URL" help:"The page that tells it."`
	Note   string `help:"A remark that readers will see."`
}

type recordMembership struct {
	Country  string `arg:"" help:"The country: an alpha-3 code or its name."`
	Group    string `arg:"" help:"The organisation, such as alba or brics_partner."`
	Standing string `arg:"" help:"member, partner, observer, suspended and the like."`
	Ended    string `help:"How it ended, with --to: left, suspended and the like."`
	periodFlags
	recordFlags
}

// Run records a membership.
func (r *recordMembership) Run(env *environment) error {
	p := ledger.Membership{Group: knowledge.GroupID(r.Group), Standing: knowledge.Standing(r.Standing), Ended: r.Ended, Source: r.Source, Note: r.Note}
	return env.record(r.recordFlags, func(in *input) any {
		p.Country = in.country(r.Country)
		p.From, p.To = in.date("--from", r.From), in.date("--to", r.To)
		return p
	})
}

type recordMeasure struct {
	Country string `arg:"" help:"The country: an alpha-3 code or its name."`
	Measure string `arg:"" help:"The kind of measure, such as unfriendly_list."`
	periodFlags
	recordFlags
}

// Run records a measure.
func (r *recordMeasure) Run(env *environment) error {
	p := ledger.Measure{Measure: r.Measure, Source: r.Source, Note: r.Note}
	return env.record(r.recordFlags, func(in *input) any {
		p.Country = in.country(r.Country)
		p.From, p.To = in.date("--from", r.From), in.date("--to", r.To)
		return p
	})
}

type recordVote struct {
	Country    string `arg:"" help:"The country: an alpha-3 code or its name."`
	Resolution string `arg:"" help:"The symbol, such as ES-11/9."`
	Position   string `arg:"" help:"yes, no, abstain or absent."`
	Source     string `required:"" placeholder:"URL" help:"The page that tells it."`
	Note       string `help:"A remark that readers will see."`
	recordFlags
}

// Run records a vote.
func (r *recordVote) Run(env *environment) error {
	p := ledger.Vote{RollCall: strings.ToUpper(r.Resolution), Position: knowledge.Position(strings.ToLower(r.Position)), Source: r.Source, Note: r.Note}
	return env.record(r.recordFlags, func(in *input) any {
		p.Country = in.country(r.Country)
		return p
	})
}

type recordWithdraw struct {
	ID string `arg:"" help:"The receipt of the entry, such as D-17."`
	recordFlags
}

// Run withdraws.
func (r *recordWithdraw) Run(env *environment) error {
	return env.record(r.recordFlags, func(in *input) any {
		id, err := ledger.ParseID(r.ID)
		in.refuse(err)
		return ledger.Withdrawal{Of: id}
	})
}

// An input reads the words of a command line. What is wrong with them is gathered.
type input struct {
	places *places.Gazetteer
	errs   []error
}

func (in *input) refuse(err error) {
	if err != nil {
		in.errs = append(in.errs, err)
	}
}

// country reads an alpha-3 code in any case, or a name that means one country and nothing else.
func (in *input) country(s string) knowledge.Country {
	if code := knowledge.Country(strings.ToUpper(s)); places.IsMember(code) {
		return code
	}
	if m := in.places.Lookup(s); m != nil && m.Kind == places.CountryMatch && m.Leader == nil && !m.Seat {
		return m.Country
	}
	in.refuse(fmt.Errorf("%q is no member of the United Nations by that name: use its alpha-3 code, such as BOL", s))
	return ""
}

func (in *input) date(flag, s string) knowledge.Date {
	if s == "" {
		return 0
	}
	d, err := knowledge.ParseDate(s)
	if err != nil {
		in.refuse(fmt.Errorf("%s: %w", flag, err))
	}
	return d
}

func (in *input) day(flag, s string) knowledge.Day {
	d, err := knowledge.ParseDay(s)
	if err != nil {
		in.refuse(fmt.Errorf("%s: %w", flag, err))
	}
	return d
}

var errNotRecorded = errors.New("nothing was recorded")

// record checks a change, shows it and, when the person agrees, records or proposes it.
func (env *environment) record(flags recordFlags, payload func(*input) any) error {
	author, err := consoleAuthor()
	if err != nil {
		return err
	}
	d, err := env.openDesk()
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // what was recorded is durable by then
	in := &input{places: d.places}
	change := desk.Change{Desk: knowledge.DefaultDesk, Author: author, Reason: flags.Reason, Payload: payload(in)}
	if len(in.errs) > 0 {
		return usageError{errors.Join(in.errs...)}
	}
	recorder := d.recorder()
	plan, err := recorder.Prepare(change)
	if err != nil {
		return usageError{err}
	}
	if err := showPlan(env.stdout, plan); err != nil {
		return err
	}
	if !flags.Yes {
		if agreed, err := env.agrees("Record this?"); err != nil || !agreed {
			return errors.Join(err, errNotRecorded)
		}
	}
	entry, err := recorder.Do(env.ctx, plan)
	if err != nil {
		return err
	}
	done := "recorded as %s\n"
	if plan.Proposal {
		done = "proposed as %s: a second editor approves it, and until then no answer changes\n"
	}
	_, err = fmt.Fprintf(env.stdout, done, entry.ID)
	return err
}

// editor is the person at the terminal, who must be an editor.
func (env *environment) editor() (desk.Author, error) {
	author, err := consoleAuthor()
	if err == nil && !env.config.Editors.Has(author) {
		err = usageError{&desk.NotEditorError{Author: author}}
	}
	return author, err
}

// consoleAuthor is the person at the terminal.
func consoleAuthor() (desk.Author, error) {
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("cannot tell who you are: %w", err)
	}
	name := u.Username[strings.LastIndexByte(u.Username, '\\')+1:] // without a domain
	return desk.ParseAuthor("console:" + name)
}

// agrees asks whether to go on. Nobody can be asked who does not sit at a terminal.
func (env *environment) agrees(question string) (bool, error) {
	if !term.IsTerminal(int(env.stdin.Fd())) {
		return false, usageError{errors.New("there is no terminal to ask on: give --yes")}
	}
	if _, err := fmt.Fprint(env.stdout, question, " [y/N] "); err != nil {
		return false, err
	}
	line, err := bufio.NewReader(env.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", nil
}

// showPlan says what a change would do.
func showPlan(w io.Writer, p *desk.Plan) error {
	c := phrases.In(phrases.Default)
	var what, source string
	switch x := p.Change.Payload.(type) {
	case ledger.Assessment:
		label := func(a *knowledge.Assessment) string {
			return c.Say("axis."+string(x.Axis)) + ": " + c.Label(knowledge.Labelled{Axis: x.Axis, Assessment: a})
		}
		next := &knowledge.Assessment{Label: x.Label, Basis: knowledge.BasisDesk}
		what, source = fmt.Sprintf("%s, from %s on\n  new: %s", c.Country(x.Country), x.Since, label(next)), x.Source
		if p.Before != nil {
			what += fmt.Sprintf("\n  old: %s [%s]", label(p.Before), strings.Join(p.Before.Claims, ", "))
		}
		what += noteLine(x.Note)
	case ledger.Event:
		what, source = fmt.Sprintf("%s, %s (%s): %s", c.Country(x.Country), x.On, c.Kind(x.Kind), x.Text), x.Source
	case ledger.Membership:
		what, source = fmt.Sprintf("%s, %s: %s, %s", c.Country(x.Country), c.Group(x.Group), c.Say("standing."+string(x.Standing)),
			c.Period(knowledge.Period{From: x.From, To: x.To})), x.Source
		what += noteLine(x.Note)
	case ledger.Measure:
		what, source = fmt.Sprintf("%s, %s, %s", c.Country(x.Country), c.Say("measure."+x.Measure), c.Period(knowledge.Period{From: x.From, To: x.To})), x.Source
		what += noteLine(x.Note)
	case ledger.Vote:
		what, source = fmt.Sprintf("%s on %s: %s", c.Country(x.Country), x.RollCall, c.Say("position."+string(x.Position))), x.Source
		what += noteLine(x.Note)
	case ledger.Withdrawal:
		what = fmt.Sprintf("withdraw %s (%s, recorded on %s by %s)", x.Of, c.Say("deskkind."+p.Takes.Kind), p.Takes.On, p.Takes.Author)
	}
	if source != "" {
		what += "\n  source: " + source
	}
	_, err := fmt.Fprintln(w, what)
	return err
}

func noteLine(note string) string {
	if note == "" {
		return ""
	}
	return "\n  note: " + note
}
