package picture

import (
	"errors"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Kind tells what a picture is.
type Kind string

// The kinds of pictures.
const (
	Map            Kind = "map"
	Card           Kind = "card"
	Comparison     Kind = "comparison"
	Timeline       Kind = "timeline"
	AgreementChart Kind = "agreement"
	VoteStrip      Kind = "votes"
)

// A Layout is one of the ways in which an answer can be drawn.
type Layout uint8

// The layouts.
const (
	Usual    Layout = iota // the one for a chat
	Tiles                  // of a map: a square for each country
	Outlines               // of a map: the shapes of the countries
	Wide                   // of a card: 1200 × 630, as links are previewed
)

// A Picture is an answer as it is drawn, with what is said beside it.
type Picture struct {
	Kind     Kind
	Layout   Layout
	Title    string   // what it shows, in a sentence or a name
	Alt      string   // all that it says, for those who do not see it
	Caption  string   // what is sent beside it, at most MaxCaption characters
	Code     string   // by which it is verified; "" where what it shows is too much for one
	Receipts []string // of all that it shows
	Scene    *Scene
}

// MaxCaption is the most characters of a caption: what Telegram takes.
const MaxCaption = 1024

// ErrNone tells that there is no picture of an answer.
var ErrNone = errors.New("picture: there is none of such an answer")

// KindOf returns what picture there is of an answer, or "".
func KindOf(a *knowledge.Answer) Kind {
	switch a.Outcome {
	case knowledge.Answered, knowledge.Partial, knowledge.NotCovered:
	default:
		return ""
	}
	switch a.Query.Intent {
	case knowledge.IntentMap, knowledge.IntentGroup:
		return when(len(a.Countries) > 0, Map)
	case knowledge.IntentCard, knowledge.IntentStance, knowledge.IntentCompare:
		switch n := len(a.Stances); {
		case a.Group != nil:
			return when(len(a.Countries) > 0, Map)
		case n == 1 && !a.Query.Compares():
			return Card
		default:
			return when(n > 1 && n <= knowledge.MaxCompared, Comparison)
		}
	case knowledge.IntentTimeline, knowledge.IntentShifts:
		return when(len(a.Countries) == 1 && a.Group == nil && len(timelineFacts(a)) > 0, Timeline)
	case knowledge.IntentAgreement:
		return when(len(a.Countries) == 1 && len(a.Agreements) > 0, AgreementChart)
	case knowledge.IntentResolution:
		return when(a.RollCall != nil && len(a.Votes) > 0, VoteStrip)
	}
	return ""
}

func when(there bool, kind Kind) Kind {
	if there {
		return kind
	}
	return ""
}

// Draw draws the picture of an answer in its usual layout. The same answer is drawn in the same way.
func Draw(a *knowledge.Answer, p *phrases.Catalogue) (*Picture, error) { return DrawAs(a, p, Usual) }

// DrawAs draws it in another layout. One that it does not have is the usual one.
func DrawAs(a *knowledge.Answer, p *phrases.Catalogue, layout Layout) (*Picture, error) {
	kind := KindOf(a)
	if kind == "" {
		return nil, ErrNone
	}
	facts := Facts(a)
	s := newSheet(a, p)
	s.layout = layoutOf(kind, layout)
	var err error
	if s.code, err = codeOf(a, s.layout); err != nil && !errors.Is(err, ErrUncoded) {
		return nil, err
	}
	s.notes = corrections(p, facts)
	map[Kind]func(*sheet){Map: drawMap, Card: drawCard, Comparison: drawComparison, Timeline: drawTimeline, AgreementChart: drawAgreement, VoteStrip: drawVotes}[kind](s)
	s.Alt = sentences(p, append([]string{s.Alt}, s.notes...)...)
	pic := &Picture{Kind: kind, Layout: s.layout, Title: s.Title, Alt: s.Alt, Code: s.code, Receipts: receiptsOf(facts), Scene: &s.Scene}
	pic.Caption = s.caption()
	s.Meta = append(s.Meta, Meta{"Receipts", strings.Join(pic.Receipts, " ")}, Meta{"Code", pic.Code}, Meta{"Data version", a.Version}, Meta{"Software", "Stancebot"})
	return pic, nil
}

// layoutOf returns the layout of those that a kind has.
func layoutOf(kind Kind, asked Layout) Layout {
	if kind == Map && (asked == Tiles || asked == Outlines) || kind == Card && asked == Wide {
		return asked
	}
	return Usual
}

// PNG draws the picture as a file of pixels, SVG as one that scales.
func (p *Picture) PNG() ([]byte, error) { return p.Scene.PNG() }

// SVG writes the picture as a file that scales.
func (p *Picture) SVG() []byte { return p.Scene.SVG() }

// caption says beside the picture what it shows, and how to verify it.
func (s *sheet) caption() string {
	parts := []string{s.Title}
	if s.subtitle != "" {
		parts = append(parts, s.subtitle)
	}
	if s.code != "" {
		parts = append(parts, s.say("draw.verify")+" "+s.code)
	}
	text := strings.Join(parts, "\n")
	if runes := []rune(text); len(runes) > MaxCaption {
		text = string(runes[:MaxCaption-1]) + "…"
	}
	return text
}

// corrections say what the desk says is right about records that the picture shows.
func corrections(p *phrases.Catalogue, facts []Fact) []string {
	var notes []string
	for i := range facts {
		if facts[i].Of == OfCorrection {
			id, text := facts[i].Say(p)
			notes = append(notes, id+" · "+text)
		}
	}
	return notes
}
