package digest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
)

// Orders answers what is asked of a channel's digests and watches.
type Orders struct {
	Store  func() Store // nil while the database is away
	Teller *Teller
	Reach  func(knowledge.DeskID) (seq int64, read bool)   // as a Planner's
	Edits  func(desk knowledge.DeskID, person string) bool // whether a person is among a desk's editors
	Allows func(n int) bool                                // whether a workspace or chat that has so many may have another; nil for any number
	Most   int                                             // how many that may have
	Zone   string                                          // of channels that name none
	Now    func() time.Time
	Log    *slog.Logger
}

// The bounds of what a channel may subscribe to.
const (
	mostSubscriptions = 50
	undoable          = 15 * time.Minute    // what was stopped can be taken back
	comesBack         = 30 * 24 * time.Hour // what ended with its channel can be brought back
	recently          = 7 * 24 * time.Hour
	stoppedWhy        = "stopped"
)

// usual is the schedule of a digest that says nothing of it.
var usual = Schedule{Every: knowledge.Weekly, Days: []time.Weekday{time.Monday}, Day: 1, At: knowledge.ClockAt(9, 0)}

// Commands are what answers digests and watches.
func (o *Orders) Commands() []bot.Command {
	return []bot.Command{{Intent: knowledge.IntentDigest, Do: o.Do}, {Intent: knowledge.IntentWatch, Do: o.Do}}
}

// An order is one that is carried out.
type order struct {
	*Orders
	bot.Call
	knowledge.Order
	store    Store
	settings Settings
	reach    int64          // the last entry of the desk's ledger that answers tell of
	all      []Subscription // of the channel
	asker    bot.Asker
}

// Do carries an order out, and says what became of it.
func (o *Orders) Do(ctx context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
	d := &order{Orders: o, Call: c, store: o.Store()}
	if c.Query.Order != nil {
		d.Order = *c.Query.Order
	}
	switch to := c.Request.Where.Address; {
	case to == "":
		return d.declines("digest.nowhere")
	case d.store == nil, c.Request.Desk == "", !d.knows(): // whose the channel is, is not known at the very start
		return d.declines("digest.away")
	case d.Unfit:
		return d.refuses("digest.unfit")
	}
	if err := d.read(ctx); err != nil {
		return d.away(ctx, err)
	}
	if key, err := d.forbids(ctx); key != "" || err != nil {
		if err != nil {
			return d.away(ctx, err)
		}
		return d.declines(key)
	}
	outcome, reply, err := d.carryOut(ctx)
	switch {
	case errors.Is(err, ErrChanged): // somebody else was faster: what they did stands, and is shown
		if err := d.read(ctx); err != nil {
			return d.away(ctx, err)
		}
		return d.lists()
	case err != nil:
		return d.away(ctx, err)
	}
	return outcome, reply, nil
}

// knows learns how far the desk's ledger goes, behind which what is new begins, and reports whether that is known.
func (d *order) knows() (read bool) {
	d.reach, read = d.Reach(d.Request.Desk)
	return read
}

// read reads what the channel has.
func (d *order) read(ctx context.Context) (err error) {
	to := d.Request.Where.Address
	if d.settings, err = d.store.Settings(ctx, to); err != nil {
		return err
	}
	if d.Request.Where.Asker != nil && (d.Order.Do == knowledge.DoSubscribe || d.settings.Zone == "") {
		d.asker = d.Request.Where.Asker(ctx)
	}
	d.all, err = d.store.Of(ctx, to, Forever)
	d.all = d.ours(d.all)
	return err
}

// ours leaves out what the channel had while it was another desk's.
func (d *order) ours(all []Subscription) []Subscription {
	return slices.DeleteFunc(all, func(s Subscription) bool { return s.Desk != d.Request.Desk })
}

// forbids returns the phrase for why the asker may not change what the channel gets, or "".
func (d *order) forbids(ctx context.Context) (string, error) {
	if d.Order.Do == knowledge.DoList || d.Order.Do == knowledge.DoPreview {
		return "", nil
	}
	editor := d.Edits(d.Request.Desk, d.Request.Person)
	if (d.settings.Editors || d.Order.Do == knowledge.DoEditors) && !editor {
		return "digest.refused.editors", nil
	}
	if d.Request.Where.MayPost == nil || editor {
		return "", nil
	}
	may, err := d.Request.Where.MayPost(ctx)
	if err != nil || may {
		return "", err
	}
	return "digest.refused.rights", nil
}

func (d *order) carryOut(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	switch d.Order.Do {
	case knowledge.DoSubscribe:
		return d.subscribe(ctx)
	case knowledge.DoPreview:
		return d.shows(ctx, true)
	case knowledge.DoNow:
		return d.shows(ctx, false)
	case knowledge.DoPause:
		return d.pause(ctx)
	case knowledge.DoResume:
		return d.resume(ctx)
	case knowledge.DoStop:
		return d.stop(ctx)
	case knowledge.DoUndo:
		return d.undo(ctx)
	case knowledge.DoZone, knowledge.DoQuiet, knowledge.DoEmpty, knowledge.DoEditors:
		return d.set(ctx)
	case knowledge.DoList:
	}
	return d.lists()
}

// kind is what the order is about.
func (d *order) kind() Kind {
	if d.Query.Intent == knowledge.IntentWatch {
		return Watch
	}
	return Digest
}

func (d *order) about() Filter { return Filter{Countries: d.Query.Countries, Group: d.Query.Group} }

// zone is that of the channel: as it was set, as the platform tells of the asker, or that of the program.
func (d *order) zone() string {
	for _, zone := range []string{d.settings.Zone, d.asker.Zone, d.Orders.Zone} {
		if _, err := time.LoadLocation(zone); err == nil && zone != "" {
			return zone
		}
	}
	return "UTC"
}

// meant returns the subscriptions that an order is about: the one that it numbers, those about what it names, else all of
// its kind.
func (d *order) meant() []Subscription {
	if d.N > 0 {
		if d.N > len(d.all) {
			return nil
		}
		return d.all[d.N-1 : d.N]
	}
	about := d.about()
	return slices.DeleteFunc(slices.Clone(d.all), func(s Subscription) bool {
		return s.Kind != d.kind() || about.key() != "" && s.About.key() != about.key() || d.Every != "" && s.Schedule.Every != d.Every
	})
}

// subscribe sets a digest or a watch up, or changes the one that is about the same.
func (d *order) subscribe(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	now := d.Now()
	s := Subscription{
		ID: newID(now), Desk: d.Request.Desk, To: d.Request.Where.Address, Kind: d.kind(), About: d.about(), Language: d.Phrases.Language,
		By: d.Request.Person, Name: d.asker.Name, Began: now, Cursor: d.reach, Next: now,
	}
	was := d.same(&s)
	if was != nil {
		s = *was
		if about := d.about(); about.key() != "" {
			s.About = about
		}
	}
	if s.Kind == Digest {
		s.Schedule = d.schedule(s.Schedule)
		s.Next = s.Schedule.Next(now)
	}
	switch {
	case was == nil && d.N > 0:
		return d.has(d.none())
	case was == nil && len(d.all) >= mostSubscriptions:
		return d.refuses("digest.many", "n", mostSubscriptions)
	case was == nil:
		if full, err := d.full(ctx); full || err != nil {
			if err != nil {
				return "", bot.Reply{}, err
			}
			return d.refuses("quota.subscriptions", "n", d.Most)
		}
		if err := d.keepZone(ctx); err != nil {
			return "", bot.Reply{}, err
		}
		if err := d.store.Add(ctx, &s); err != nil {
			return "", bot.Reply{}, err
		}
		d.all = append(d.all, s)
	case s.Kind == Watch && was.About.key() == s.About.key() && was.Paused.IsZero(), s.Kind == Digest && sameDigest(was, &s):
		return d.already(was)
	default:
		s.Paused = time.Time{}
		if err := d.store.Change(ctx, &s); err != nil {
			return "", bot.Reply{}, err
		}
	}
	return d.subscribed(&s)
}

// full reports whether the channel's workspace or chat has as much as it may have.
func (d *order) full(ctx context.Context) (bool, error) {
	if d.Allows == nil {
		return false, nil
	}
	n, err := d.store.CountIn(ctx, d.Request.Where.Address.Space())
	return err == nil && !d.Allows(n), err
}

// same returns what the channel has that an order changes: the one that it numbers, the one about the same or, for an order that
// names no country and no rhythm, the only one.
func (d *order) same(s *Subscription) *Subscription {
	var of []*Subscription
	for i := range d.all {
		was := &d.all[i]
		switch {
		case was.Kind != s.Kind:
			continue
		case d.N == i+1, d.N == 0 && was.About.key() == s.About.key():
			return was
		}
		of = append(of, was)
	}
	if len(of) == 1 && d.N == 0 && s.Kind == Digest && s.About.key() == "" && d.Every == "" {
		return of[0]
	}
	return nil
}

func sameDigest(a, b *Subscription) bool {
	x, y := a.Schedule, b.Schedule
	return a.About.key() == b.About.key() && x.Every == y.Every && x.At == y.At && x.Zone == y.Zone && x.Day == y.Day && slices.Equal(x.Days, y.Days) && a.Paused.IsZero()
}

// schedule returns a schedule with what the order says of it.
func (d *order) schedule(was Schedule) Schedule {
	s := was
	if s.Every == "" {
		s = usual
		s.Zone = d.zone()
	}
	if d.Every != "" {
		s.Every = d.Every
	}
	if len(d.Days) > 0 {
		s.Days = d.Days
	}
	if d.Day > 0 {
		s.Day = d.Day
	}
	if _, said := d.At.Minutes(); said {
		s.At = d.At
	}
	if d.Order.Zone != "" {
		s.Zone = d.Order.Zone
	}
	if s.Every == knowledge.Weekly && len(s.Days) == 0 {
		s.Days = usual.Days
	}
	return s
}

// keepZone keeps the zone that was found for a channel, so that its quiet hours and later digests go by the same.
func (d *order) keepZone(ctx context.Context) error {
	if d.settings.Zone != "" || d.guesses() {
		return nil
	}
	d.settings.To, d.settings.Zone = d.Request.Where.Address, d.zone()
	if d.Order.Zone != "" {
		d.settings.Zone = d.Order.Zone
	}
	return d.store.Set(ctx, d.settings)
}

// pause pauses until the day or hour that is said, for the time that is said, or until somebody resumes it.
func (d *order) pause(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	meant := d.meant()
	if slices.ContainsFunc(meant, func(s Subscription) bool { return !d.pausedUntil(&s).After(d.Now()) }) {
		return d.refuses("digest.unfit")
	}
	return d.each(ctx, meant, func(s *Subscription) {
		s.Paused = d.pausedUntil(s)
		s.Next = s.Paused
		if s.Kind == Digest && s.Paused.Before(Forever) {
			s.Next = s.Schedule.Next(s.Paused.Add(-time.Second))
		}
	}, d.paused)
}

// pausedUntil is when a pause of a subscription ends.
func (d *order) pausedUntil(s *Subscription) time.Time {
	zone := s.Schedule.Zone
	if s.Kind == Watch {
		zone = d.zone()
	}
	_, hour := d.At.Minutes()
	switch {
	case d.Until != 0:
		at := cmp.Or(d.At, s.Schedule.At, usual.At)
		return clockOn(d.Until.Time(), at, location(zone))
	case d.For > 0:
		return d.Now().Add(d.For)
	case hour:
		next := Schedule{Every: knowledge.Daily, At: d.At, Zone: zone}
		return next.Next(d.Now())
	}
	return Forever
}

func (d *order) resume(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	paused := slices.DeleteFunc(d.meant(), func(s Subscription) bool { return !s.Paused.After(d.Now()) })
	if len(paused) == 0 {
		return d.has(d.Phrases.Say("digest.resumed.none"))
	}
	return d.each(ctx, paused, func(s *Subscription) {
		s.Paused, s.Next = time.Time{}, d.Now()
		if s.Kind == Digest {
			s.Next = s.Schedule.Next(d.Now())
		}
	}, d.resumed)
}

// each changes each subscription that is meant.
func (d *order) each(ctx context.Context, meant []Subscription, change func(*Subscription), say func(*Subscription) string) (knowledge.Outcome, bot.Reply, error) {
	if len(meant) == 0 {
		return d.has(d.none())
	}
	r := d.reply()
	for i := range meant {
		s := &meant[i]
		change(s)
		if err := d.store.Change(ctx, s); err != nil {
			return "", bot.Reply{}, err
		}
		own(&r, say(s))
	}
	return knowledge.Done, r, nil
}

// stop ends what is meant: one that is named or numbered, or the only one of its kind. Of several it asks which.
func (d *order) stop(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	meant := d.meant()
	switch {
	case len(meant) == 0:
		return d.has(d.none())
	case len(meant) > 1:
		return d.asks(meant)
	}
	s := &meant[0]
	if err := d.store.End(ctx, []string{s.ID}, d.Now(), stoppedWhy); err != nil {
		return "", bot.Reply{}, err
	}
	r := d.reply()
	own(&r, d.Phrases.Say(string(s.Kind)+".stopped", "what", SayFilter(d.Phrases, s.About)))
	r.Blocks = append(r.Blocks, bot.Choices{Items: []bot.Choice{{Label: d.Phrases.Say("digest.undo"), Command: "digest undo"}}})
	return knowledge.Done, r, nil
}

// undo takes back the last stop, or brings back what ended when we could no longer post there.
func (d *order) undo(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	all, err := d.store.Of(ctx, d.Request.Where.Address, d.Now().Add(-comesBack))
	if err != nil {
		return "", bot.Reply{}, err
	}
	all = d.ours(all)
	var last *Subscription
	for i := range all {
		s := &all[i]
		if s.Ended.IsZero() || s.Why == stoppedWhy && d.Now().Sub(s.Ended) > undoable {
			continue
		}
		if last == nil || s.Ended.After(last.Ended) {
			last = s
		}
	}
	if last == nil {
		return d.has(d.Phrases.Say("digest.undo.none"))
	}
	last.Ended, last.Why = time.Time{}, ""
	if last.Kind == Digest {
		last.Next = last.Schedule.Next(d.Now())
	}
	if err := d.store.Change(ctx, last); err != nil {
		return "", bot.Reply{}, err
	}
	r := d.reply()
	own(&r, d.undone(last))
	return knowledge.Done, r, nil
}

// set changes the settings of the channel.
func (d *order) set(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	s := d.settings
	s.To = d.Request.Where.Address
	var text string
	say := d.Phrases.Say
	switch d.Order.Do { //nolint:exhaustive // the others change no setting
	case knowledge.DoZone:
		if d.Order.Zone == "" {
			return d.has(say("digest.zone.is", "zone", d.zone()))
		}
		s.Zone = d.Order.Zone
		text = say("digest.zone.set", "zone", s.Zone)
		if err := d.rezone(ctx, s.Zone); err != nil {
			return "", bot.Reply{}, err
		}
	case knowledge.DoQuiet:
		if s.Zone == "" {
			s.Zone = d.zone()
		}
		s.QuietFrom, s.QuietTill = d.From, d.At
		text = say("digest.quiet.off")
		if _, on := d.From.Minutes(); on {
			text = say("digest.quiet.set", "from", d.From.String(), "till", d.At.String(), "zone", s.Zone)
		}
	case knowledge.DoEmpty:
		s.Empty, text = On, say("digest.empty.on")
		if !d.Switch {
			s.Empty, text = Off, say("digest.empty.off")
		}
	case knowledge.DoEditors:
		s.Editors, text = d.Switch, say("digest.editors.off")
		if d.Switch {
			text = say("digest.editors.on")
		}
	}
	if err := d.store.Set(ctx, s); err != nil {
		return "", bot.Reply{}, err
	}
	r := d.reply()
	own(&r, text)
	return knowledge.Done, r, nil
}

// rezone has the digests of the channel come by another zone.
func (d *order) rezone(ctx context.Context, zone string) error {
	for i := range d.all {
		s := &d.all[i]
		if s.Kind != Digest || s.Schedule.Zone == zone {
			continue
		}
		s.Schedule.Zone = zone
		s.Next = s.Schedule.Next(later(d.Now(), s.Paused))
		if !s.Paused.Before(Forever) {
			s.Next = s.Paused
		}
		if err := d.store.Change(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// later returns the later of a time and the end of a pause.
func later(now, paused time.Time) time.Time {
	if paused.After(now) && paused.Before(Forever) {
		return paused
	}
	return now
}

// shows composes what the next one would say, for the asker alone or for the channel. The next one comes all the same. What the
// channel does not get is composed of the last week.
func (d *order) shows(ctx context.Context, preview bool) (knowledge.Outcome, bot.Reply, error) {
	now, reach := d.Now(), d.reach
	about := d.about()
	s := Subscription{
		Desk: d.Request.Desk, To: d.Request.Where.Address, Kind: Digest, About: about, Schedule: d.schedule(Schedule{}), Language: d.Phrases.Language,
		Began: now.Add(-recently),
	}
	meant := d.meant()
	of := len(meant) > 0
	if of {
		s = meant[0]
	}
	s.Language = d.Phrases.Language
	changes, err := d.Teller.About(ctx, s.Desk, s.About, s.Cursor, reach)
	if err != nil {
		return "", bot.Reply{}, err
	}
	if !of {
		changes = slices.DeleteFunc(changes, func(c Change) bool { return c.Known.Before(now.Add(-recently)) })
	}
	occasion := &Occasion{
		Subscription: &s, Settings: d.settings, Changes: changes, UpTo: reach, Since: s.since(now), Till: now, Preview: preview,
	}
	n := d.Teller.body(occasion)
	if of {
		n = d.Teller.signed(n, occasion)
	}
	for i := range n.Below { // it is one answer, however long
		n.Summary.Blocks = append(n.Summary.Blocks, n.Below[i].Blocks...)
		n.Summary.Receipts = merged(n.Summary.Receipts, n.Below[i].Receipts)
	}
	return knowledge.Answered, n.Summary, nil
}

// away declines because the database fails, and logs why.
func (d *order) away(ctx context.Context, err error) (knowledge.Outcome, bot.Reply, error) {
	d.Log.WarnContext(ctx, "subscriptions cannot be read or changed", "error", err)
	return d.declines("digest.away")
}

func (d *order) declines(key string) (knowledge.Outcome, bot.Reply, error) {
	r := d.reply()
	r.Private = true
	own(&r, d.Phrases.Say(key))
	return knowledge.Unavailable, r, nil
}

func (d *order) refuses(key string, pairs ...any) (knowledge.Outcome, bot.Reply, error) {
	r := d.reply()
	r.Private = true
	own(&r, d.Phrases.Say(key, pairs...))
	return knowledge.Refused, r, nil
}

// has tells the asker alone how things are.
func (d *order) has(text string) (knowledge.Outcome, bot.Reply, error) {
	r := d.reply()
	r.Private = true
	own(&r, text)
	return knowledge.Answered, r, nil
}

func (d *order) reply() bot.Reply { return bot.Reply{Language: d.Phrases.Language} }

func own(r *bot.Reply, text string) {
	r.Blocks = append(r.Blocks, bot.Line{Text: text, Kind: bot.OurOwn})
}

// subscribed says what was set up: what, when, and how to stop it.
func (d *order) subscribed(s *Subscription) (knowledge.Outcome, bot.Reply, error) {
	r, p := d.reply(), d.Phrases
	what, stop := SayFilter(p, s.About), d.stopping(s)
	if s.Kind == Watch {
		own(&r, p.Say("watch.subscribed", "what", what, "command", stop))
	} else {
		own(&r, p.Say("digest.subscribed", "what", what, "rhythm", SayRhythm(p, &s.Schedule), "when", SayTime(p, s.Next, s.Schedule.Zone), "command", stop))
		if d.guesses() {
			own(&r, p.Say("digest.zone.ask", "time", s.Schedule.At.String()))
		}
	}
	commands := []string{stop}
	if s.Kind == Digest {
		commands = []string{"digest preview", stop}
	}
	r.Blocks = append(r.Blocks, choices("", append(commands, "digest list")...))
	return knowledge.Done, r, nil
}

// guesses reports whether nobody said the zone of the channel, so that it is asked.
func (d *order) guesses() bool {
	return d.settings.Zone == "" && d.asker.Zone == "" && d.Order.Zone == ""
}

// number is the place of a subscription in the list, from 1.
func (d *order) number(s *Subscription) int {
	return 1 + slices.IndexFunc(d.all, func(other Subscription) bool { return other.ID == s.ID })
}

// stopping is the command that stops a subscription. It names what that is about, for its number is another's once the list has
// changed, and old buttons are pressed.
func (d *order) stopping(s *Subscription) string {
	q := knowledge.Query{Intent: knowledge.IntentDigest, Countries: s.About.Countries, Group: s.About.Group, Order: &knowledge.Order{Do: knowledge.DoStop}}
	if s.Kind == Watch {
		q.Intent = knowledge.IntentWatch
	}
	command := bot.Canonical(q)
	several := func(other Subscription) bool { return other.Kind == s.Kind && other.ID != s.ID }
	if len(command) > maxCommand || s.About.key() == "" && slices.ContainsFunc(d.all, several) {
		return "digest stop " + strconv.Itoa(d.number(s))
	}
	return command
}

func choices(lead string, commands ...string) bot.Choices {
	c := bot.Choices{Lead: lead}
	for _, command := range commands {
		c.Items = append(c.Items, bot.Choice{Label: command, Command: command})
	}
	return c
}

func (d *order) already(s *Subscription) (knowledge.Outcome, bot.Reply, error) {
	return d.has(d.Phrases.Say("digest.already", "what", SayFilter(d.Phrases, s.About), "rhythm", bot.UpperFirst(d.rhythm(s))))
}

// rhythm says when one comes.
func (d *order) rhythm(s *Subscription) string {
	if s.Kind == Watch {
		return d.Phrases.Say("watch.rhythm")
	}
	return SayRhythm(d.Phrases, &s.Schedule)
}

// when says a time by the zone of a subscription.
func (d *order) when(s *Subscription, at time.Time) string {
	zone := s.Schedule.Zone
	if zone == "" {
		zone = d.zone()
	}
	return SayTime(d.Phrases, at, zone)
}

func (d *order) paused(s *Subscription) string {
	what := SayFilter(d.Phrases, s.About)
	if !s.Paused.Before(Forever) {
		return d.Phrases.Say("digest.paused.held", "what", what)
	}
	return d.Phrases.Say("digest.paused", "what", what, "when", d.when(s, s.Paused))
}

func (d *order) resumed(s *Subscription) string { return d.goesOn("digest.resumed", s) }
func (d *order) undone(s *Subscription) string  { return d.goesOn("digest.undone", s) }

func (d *order) goesOn(key string, s *Subscription) string {
	what := SayFilter(d.Phrases, s.About)
	if s.Kind == Watch {
		return d.Phrases.Say("watch.subscribed", "what", what, "command", d.stopping(s))
	}
	return d.Phrases.Say(key, "what", what, "when", d.when(s, s.Next))
}

// none says that there is nothing of what is meant.
func (d *order) none() string {
	if len(d.all) > 0 {
		return d.Phrases.Say("watch.none")
	}
	return d.Phrases.Say("digest.none")
}

// lists says what the channel gets, with what changes it.
func (d *order) lists() (knowledge.Outcome, bot.Reply, error) {
	if len(d.all) == 0 {
		return d.has(d.Phrases.Say("digest.none"))
	}
	r, p := d.reply(), d.Phrases
	r.Private = true
	r.Blocks = append(r.Blocks, bot.Heading{Text: p.Say("digest.list.heading", "n", len(d.all))})
	for i := range d.all {
		r.Blocks = append(r.Blocks, bot.Row{Text: d.row(i), Kind: bot.OurOwn})
	}
	if q := d.settings; q.QuietFrom > 0 {
		own(&r, p.Say("digest.quiet.set", "from", q.QuietFrom.String(), "till", q.QuietTill.String(), "zone", d.zone()))
	}
	r.Blocks = append(r.Blocks, d.stops(d.all))
	return knowledge.Answered, r, nil
}

func (d *order) row(i int) string {
	s, p := &d.all[i], d.Phrases
	next, paused := "", ""
	switch {
	case s.Paused.After(d.Now()) && !s.Paused.Before(Forever):
		paused = p.Say("digest.list.held")
	case s.Paused.After(d.Now()):
		paused = p.Say("digest.list.paused", "when", d.when(s, s.Paused))
	case s.Kind == Digest:
		next = p.Say("digest.list.next", "when", d.when(s, s.Next))
	}
	return p.Say("digest.list.row", "n", i+1, "what", bot.UpperFirst(SayFilter(p, s.About)), "rhythm", d.rhythm(s), "next", next, "paused", paused)
}

// mostStops is for how many of a list there is a button.
const mostStops = 8

func (d *order) stops(of []Subscription) bot.Choices {
	var commands []string
	for i := range of[:min(mostStops, len(of))] {
		commands = append(commands, d.stopping(&of[i]))
	}
	return choices("", commands...)
}

// asks asks which one of several is meant.
func (d *order) asks(meant []Subscription) (knowledge.Outcome, bot.Reply, error) {
	r := d.reply()
	r.Private = true
	c := d.stops(meant)
	c.Lead, c.Asks = d.Phrases.Say("digest.which"), true
	r.Blocks = append(r.Blocks, c)
	return knowledge.Ambiguous, r, nil
}
