package showcase

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Program is the program that a newsroom tries, over a database of its own.
type Program struct {
	Answer     func(ctx context.Context, req bot.Request) bot.Reply
	Tell       func(t Telling)                 // keeps what was told
	Follow     func(ctx context.Context) error // what was told is kept then, and the snapshots tell of what was recorded
	Plan       func(ctx context.Context) error // digests, alerts and letters
	Deliver    func(ctx context.Context) (tried int, err error)
	Deliveries func(ctx context.Context) ([]digest.Task, error) // the latest, for whoever looks after them
	Close      func() error
}

// A Stage is what a Program is opened on.
type Stage struct {
	Now      func() time.Time
	Posters  map[string]digest.Poster
	Language string
}

// A Newsroom is one visitor's. It is safe for concurrent use: one act is done after the other.
type Newsroom struct {
	*world

	language string
	program  *Program
	tour     *Tour
	acting   sync.Mutex
	step     int // of the tour, as many as were taken
}

// New opens a newsroom in a language. Close it.
func New(ctx context.Context, language string, open func(context.Context, Stage) (*Program, error)) (*Newsroom, error) {
	tour := TheTour()
	n := &Newsroom{world: newWorld(tour.Starts), language: phrases.In(language).Language, tour: tour}
	posters := map[string]digest.Poster{}
	for _, platform := range []string{Slack, Telegram} {
		posters[platform] = &poster{world: n.world, platform: platform, tell: func(t Telling) { n.program.Tell(t) }}
	}
	var err error
	n.program, err = open(ctx, Stage{Now: n.Now, Posters: posters, Language: n.language})
	if err != nil {
		return nil, fmt.Errorf("showcase: the newsroom cannot be opened: %w", err)
	}
	return n, nil
}

// Close ends the newsroom.
func (n *Newsroom) Close() error {
	n.acting.Lock()
	defer n.acting.Unlock()
	return n.program.Close()
}

// A Deed is what an Act does.
type Deed string

// The deeds.
const (
	Say   Deed = "say"   // types a text
	Press Deed = "press" // presses what a message offers, with answers where it asks for words
	Share Deed = "share" // shares an answer to the channel
	Wait  Deed = "wait"  // moves the clock
	Break Deed = "break" // has a platform be in trouble, or not any more
)

// How far the clock is moved.
const (
	Moment  = "moment"  // a minute
	Hour    = "hour"    //
	Morning = "morning" // the next one, at eight
)

// An Act is one thing that somebody does in the newsroom.
type Act struct {
	Do      Deed          `json:"do"`
	Who     string        `json:"who,omitempty"` // a Person
	In      []bot.Address `json:"in,omitempty"`  // the places
	Text    string        `json:"text,omitempty"`
	Message string        `json:"message,omitempty"` // that is pressed; "" for the latest that offers the command
	Command string        `json:"command,omitempty"`
	Answers []string      `json:"answers,omitempty"`
	Till    string        `json:"till,omitempty"`
	On      string        `json:"on,omitempty"` // a platform
	Trouble Trouble       `json:"trouble,omitempty"`
}

// A RefusedError tells that an act is not done, and why: a phrase of the catalogue.
type RefusedError string

// Error is the key of the phrase.
func (r RefusedError) Error() string { return string(r) }

// The refusals.
const (
	ErrNoAct     RefusedError = "demo.refused.act"     // nobody can do that
	ErrNoButton  RefusedError = "demo.refused.button"  // the message is not there, or offers something else
	ErrDown      RefusedError = "demo.refused.down"    // the platform answers nothing
	ErrNoWords   RefusedError = "demo.refused.words"   // nothing was typed
	ErrTooLong   RefusedError = "demo.refused.long"    // too much was
	ErrNotTheirs RefusedError = "demo.refused.private" // somebody else's
	ErrTooFar    RefusedError = "demo.refused.far"     // the clock is moved no further
)

// The bounds of what a visitor can do.
const (
	maxTyped = 4000 // characters, as the front door takes them
	maxAhead = 400 * 24 * time.Hour
	actTakes = 20 * time.Second // by the clock of the newsroom, so that nobody floods it
)

// Do does an act, and lets the program do what comes of it. A RefusedError tells that nothing was done.
func (n *Newsroom) Do(ctx context.Context, a *Act) error {
	n.acting.Lock()
	defer n.acting.Unlock()
	return n.do(ctx, a)
}

func (n *Newsroom) do(ctx context.Context, a *Act) error {
	if a.Do != Wait {
		n.ahead(n.Now().Add(actTakes))
	}
	var err error
	switch a.Do {
	case Say:
		err = n.says(ctx, a)
	case Press, Share:
		err = n.presses(ctx, a)
	case Wait:
		err = n.waits(a.Till)
	case Break:
		err = n.breaks(a.On, a.Trouble)
	default:
		err = ErrNoAct
	}
	if err != nil {
		return err
	}
	return n.settle(ctx)
}

// rounds bounds what comes of what comes of an act.
const rounds = 10

// settle has the program do all that is to be done at this time.
func (n *Newsroom) settle(ctx context.Context) error {
	for range rounds {
		if err := n.program.Follow(ctx); err != nil {
			return err
		}
		if err := n.program.Plan(ctx); err != nil {
			return err
		}
		tried, err := n.program.Deliver(ctx)
		if err != nil || tried == 0 {
			return err
		}
	}
	return nil
}

// says types a text in one place or several, each of which answers it.
func (n *Newsroom) says(ctx context.Context, a *Act) error {
	who, text := PersonBy(a.Who), strings.TrimSpace(a.Text)
	switch {
	case who == nil || len(a.In) == 0:
		return ErrNoAct
	case text == "":
		return ErrNoWords
	case utf8.RuneCountInString(text) > maxTyped:
		return ErrTooLong
	}
	for _, in := range a.In {
		if err := n.mayWrite(in, who); err != nil && !(errors.Is(err, ErrDown) && len(a.In) > 1) {
			return err
		}
	}
	for _, in := range a.In {
		if n.mayWrite(in, who) == nil {
			n.types(ctx, in, who, text)
		}
	}
	return nil
}

// mayWrite refuses what nobody could type there.
func (n *Newsroom) mayWrite(in bot.Address, who *Person) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := slices.IndexFunc(n.places, func(p *Place) bool { return p.Address == in })
	switch {
	case i < 0:
		return ErrNoAct
	case n.places[i].Person != nil && n.places[i].Person != who, in == Editing && !who.Edits:
		return ErrNotTheirs
	case n.trouble[n.places[i].Platform] == Refuses:
		return ErrDown
	}
	return nil
}

// types types a text in a place, and posts the answer.
func (n *Newsroom) types(ctx context.Context, in bot.Address, who *Person, text string) {
	n.mu.Lock()
	place := n.place(in)
	m := &Message{By: who, Typed: text, Root: n.openThread(place, who)}
	n.put(place, m)
	n.mu.Unlock()
	at := spot{place: place, who: who, root: m.Root}
	if at.root == "" && (at.threads() || place.Platform == Telegram) {
		at.root = m.ID
	}
	r := n.program.Answer(ctx, at.request(text, "", n.language))
	n.post(&at, &r, at.threads() && r.Private)
}

// goesOn is how long a thread is the one that is talked in.
const goesOn = 30 * time.Minute

// openThread is the thread of a channel that a person talks in, "" for none. The caller holds mu.
func (n *Newsroom) openThread(p *Place, who *Person) string {
	if p.Platform != Slack || p.Person != nil {
		return ""
	}
	for _, m := range slices.Backward(p.Messages) {
		if m.By == who && n.now.Sub(m.At) < goesOn {
			if m.Root != "" {
				return m.Root
			}
			return m.ID
		}
	}
	return ""
}

// A spot is where somebody asks.
type spot struct {
	place *Place
	who   *Person
	root  string // the thread, or what is replied to
}

// threads reports whether answers stand in threads there, and may be for one person's eyes.
func (s *spot) threads() bool { return s.place.Platform == Slack && s.place.Person == nil }

// request is what is asked there.
func (s *spot) request(text, language, locale string) bot.Request {
	req := bot.Request{
		Desk: knowledge.DefaultDesk, Conversation: string(s.place.Address), Person: s.who.On(s.place.Platform), Text: text, Language: language, Locale: locale,
	}
	switch {
	case s.place.Platform == Terminal:
		return req
	case s.threads():
		req.Conversation += ":" + s.root
	default:
		req.Conversation += ":" + s.who.ID
	}
	name := s.who.Name
	req.Where = bot.Where{Address: s.place.Address, Private: s.place.Person != nil, Asker: func(context.Context) bot.Asker { return bot.Asker{Name: name} }}
	return req
}

// post posts an answer, to everybody there or to one, and has it kept what was told.
func (n *Newsroom) post(at *spot, r *bot.Reply, alone bool) *Message {
	if len(r.Blocks) == 0 {
		return nil
	}
	m := &Message{Root: at.root, Reply: r}
	if alone {
		m.OnlyTo = at.who
	}
	n.mu.Lock()
	n.put(at.place, m)
	n.mu.Unlock()
	n.tells(at, m)
	return m
}

// tells has kept what was told.
func (n *Newsroom) tells(at *spot, m *Message) {
	t := Telling{Place: at.place.Address, Message: m.ID, Private: at.place.Person != nil, Reply: m.Reply}
	switch {
	case m.OnlyTo != nil:
		t = Telling{Place: bot.Address(m.OnlyTo.On(at.place.Platform)), In: at.place.Address, Private: true, Reply: m.Reply}
	case at.threads() && at.root != "":
		t.Place += bot.Address(":" + at.root)
	case at.place.Platform == Terminal:
		t.Message, t.Private = "", true
	}
	n.program.Tell(t)
}

// presses presses what a message offers.
func (n *Newsroom) presses(ctx context.Context, a *Act) error {
	who := PersonBy(a.Who)
	if who == nil || len(a.In) != 1 {
		return ErrNoAct
	}
	if err := n.mayWrite(a.In[0], who); err != nil {
		return err
	}
	n.mu.Lock()
	place := n.place(a.In[0])
	m := place.offers(a.Message, a.Command)
	n.mu.Unlock()
	switch {
	case m == nil:
		return ErrNoButton
	case m.OnlyTo != nil && m.OnlyTo != who:
		return ErrNotTheirs
	}
	text, err := typed(m, a)
	if err != nil {
		return err
	}
	at := spot{place: place, who: who, root: m.Root}
	if at.root == "" && place.Platform == Telegram {
		at.root = m.ID
	}
	r := n.program.Answer(ctx, at.request(text, m.Reply.Language, ""))
	if a.Do == Share {
		return n.shares(&at, m, &r, a.Command)
	}
	n.answers(&at, m, &r, a.Command)
	return nil
}

// typed is what pressing something types: its command, with the answers where it asks for words.
func typed(m *Message, a *Act) (string, error) {
	offered := m.Offer(a.Command)
	if offered == nil || len(offered.Asks) == 0 {
		return a.Command, nil
	}
	answers := strings.Fields(strings.Join(a.Answers, " "))
	text := a.Command + " " + strings.Join(answers, " ")
	switch {
	case len(answers) == 0:
		return "", ErrNoWords
	case utf8.RuneCountInString(text) > maxTyped:
		return "", ErrTooLong
	}
	return text, nil
}

// answers shows what was asked by pressing: in the place of the message where platforms do that, and else beside it.
func (n *Newsroom) answers(at *spot, m *Message, r *bot.Reply, command string) {
	if takesPlace(m.Reply, command) && !r.Private && len(r.Blocks) > 0 {
		n.mu.Lock()
		n.turn(m, r)
		n.mu.Unlock()
		n.tells(at, m)
		return
	}
	answer := n.post(at, r, at.threads())
	if answer == nil || m.OnlyTo == nil || answer.OnlyTo == nil || shareable(r) == "" {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	answer.press = true
}

// shares posts an answer to the channel, where its reader may.
func (n *Newsroom) shares(at *spot, m *Message, r *bot.Reply, command string) error {
	if !m.press || shareable(r) != command {
		return ErrNoButton
	}
	n.shared(at, r)
	return nil
}

// shared posts an answer to the channel, with who shared it.
func (n *Newsroom) shared(at *spot, r *bot.Reply) {
	m := &Message{Root: "", Reply: r, SharedBy: at.who}
	n.mu.Lock()
	n.put(at.place, m)
	n.mu.Unlock()
	n.tells(&spot{place: at.place, who: at.who}, m)
}

// shareable is the command whose answer may be shared, "" for none.
func shareable(r *bot.Reply) string {
	if r.Private || len(r.Receipts) == 0 {
		return ""
	}
	return r.About.Dated
}

// offers finds a message that offers a command: the one by an id, or the latest.
func (p *Place) offers(id, command string) *Message {
	for _, m := range slices.Backward(p.Messages) {
		if m.Reply != nil && (id == "" || m.ID == id) && (offerOf(m.Reply, command) != nil || m.press && shareable(m.Reply) == command) {
			return m
		}
	}
	return nil
}

// offerOf finds what a reply offers by its command, or nil.
func offerOf(r *bot.Reply, command string) *bot.Choice {
	var all []bot.Choice
	for _, blk := range r.Blocks {
		if c, ok := blk.(bot.Choices); ok {
			all = append(all, c.Items...)
		}
	}
	if r.Page != nil {
		for _, turn := range []*bot.Choice{r.Page.Previous, r.Page.Next} {
			if turn != nil {
				all = append(all, *turn)
			}
		}
	}
	all = append(all, r.VoteChoices(phrases.In(r.Language))...)
	for i := range all {
		if all[i].Command == command {
			return &all[i]
		}
	}
	return nil
}

// takesPlace reports whether what is pressed is answered in the place of its message: another page, and what a message asks back.
func takesPlace(r *bot.Reply, command string) bool {
	if p := r.Page; p != nil && (p.Next != nil && p.Next.Command == command || p.Previous != nil && p.Previous.Command == command) {
		return true
	}
	for _, blk := range r.Blocks {
		if c, ok := blk.(bot.Choices); ok && c.Asks {
			for _, item := range c.Items {
				if item.Command == command {
					return len(item.Asks) == 0
				}
			}
		}
	}
	return false
}

// waits moves the clock.
func (n *Newsroom) waits(till string) error {
	now := n.Now()
	var to time.Time
	switch till {
	case Moment:
		to = now.Add(time.Minute)
	case Hour:
		to = now.Add(time.Hour)
	case Morning:
		to = time.Date(now.Year(), now.Month(), now.Day(), 8, 0, 0, 0, time.UTC)
		if !to.After(now) {
			to = to.AddDate(0, 0, 1)
		}
	default:
		return ErrNoAct
	}
	if to.Sub(n.tour.Starts) > maxAhead {
		return ErrTooFar
	}
	n.ahead(to)
	return nil
}

// breaks has a platform be in trouble, or not any more.
func (n *Newsroom) breaks(platform string, t Trouble) error {
	if platform != Slack && platform != Telegram || t != Fine && t != Refuses && t != Forgets {
		return ErrNoAct
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble[platform] = t
	return nil
}

// A View is a newsroom as it stands. Nobody changes it.
type View struct {
	Language   string
	Now        time.Time
	Step       int // of the tour, as many as were taken
	Steps      []string
	Places     []Place
	Trouble    map[string]Trouble
	Deliveries []digest.Task
	Happened   int
}

// View returns the newsroom as it stands.
func (n *Newsroom) View(ctx context.Context) (*View, error) {
	n.acting.Lock()
	defer n.acting.Unlock()
	deliveries, err := n.program.Deliveries(ctx)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	v := &View{
		Language: n.language, Now: n.now, Step: n.step, Steps: n.tour.ids(), Deliveries: deliveries, Happened: n.happened,
		Trouble: map[string]Trouble{Slack: n.trouble[Slack], Telegram: n.trouble[Telegram]},
	}
	for _, p := range n.places {
		shown := *p
		shown.Messages = make([]*Message, len(p.Messages))
		for i, m := range p.Messages {
			same := *m
			shown.Messages[i] = &same
		}
		v.Places = append(v.Places, shown)
	}
	return v, nil
}

// Since returns what happened behind an event by its number, as far as that is remembered.
func (n *Newsroom) Since(event int) []Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := len(n.journal) - (n.happened - event)
	return slices.Clone(n.journal[max(0, at):])
}

// Offer finds what a message offers by its command, for whoever shows a form; nil where it offers no such thing.
func (m *Message) Offer(command string) *bot.Choice {
	if m.Reply == nil {
		return nil
	}
	return offerOf(m.Reply, command)
}
