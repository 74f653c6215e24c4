package picture

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"stancebot/knowledge"
)

// A code tells what a picture shows, so that the picture can be drawn again and held against the records, from what a
// reader can type from it alone. It is
//
//	what was asked     5 bits: a figure, so that every code has one
//	layout             2
//	day of drawing    14: days since 2020
//	axis               2
//	dates asked for    3, and 15 for each of as of, since, known at: days since 1990
//	countries          4: how many, and 10 for each: its number in ISO 3166-1
//	group              6, where no countries are named, and beside a text
//	text of the UN     18, as far as its symbol has a usual form
//	digest of facts    what is left to a multiple of 25, at least 20
//	check              10
//
// in Crockford's base 32, five to a group. The check is that of a Reed-Solomon code: a code with one or two wrong letters is always
// refused, and of others one in 1024 passes, which then fits the facts by chance at one in a million at the most.

// ErrUncoded tells that there is no code for a picture: what was asked for is too long for one.
var ErrUncoded = errors.New("picture: no code is long enough for what it shows")

// ErrNoCode tells that a text is no code, or one that was mistyped.
var ErrNoCode = errors.New("picture: no code, or one that was mistyped")

// coded lists the intents by the figure that stands for each. It grows at its end, and no further than ten.
var coded = []knowledge.Intent{
	knowledge.IntentStance, knowledge.IntentCard, knowledge.IntentCompare, knowledge.IntentMap, knowledge.IntentGroup,
	knowledge.IntentTimeline, knowledge.IntentShifts, knowledge.IntentAgreement, knowledge.IntentResolution,
}

// codedGroups lists the groups by their numbers, from 1. It grows at its end.
var codedGroups = []knowledge.GroupID{
	"mexico", "central_america", "caribbean", "andean", "brazil", "southern_cone", "guianas", "allies_camp", "neutral_camp", "opposing_camp",
	"latin_america", "world", "alba", "brics", "brics_partner", "caricom", "celac", "cis", "csto", "csto_treaty", "eaeu", "eu", "mercosur", "mnna",
	"nato", "oas", "oecd", "pacific_alliance", "sco", "tiar", knowledge.UnfriendlyList,
}

// codedAxes lists the axes by their numbers.
var codedAxes = []knowledge.Axis{"", knowledge.TowardRussia, knowledge.TowardWashington}

const (
	maxSymbols   = 30 // of a code
	groupSymbols = 5
	digestBits   = 20 // at least
	maxCoded     = 15 // countries
)

var (
	drawnFrom = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	askedFrom = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
)

// A Claim is what a code says: that on a day a picture of these facts was drawn.
type Claim struct {
	Layout Layout
	Drawn  knowledge.Day

	query  knowledge.Query // without its today
	digest uint64          // its leading bits
	bits   int             // how many they are
}

// Query asks again what the picture showed.
func (c Claim) Query(today knowledge.Day) knowledge.Query {
	q := c.query
	q.Today = today
	q.Countries = slices.Clone(q.Countries)
	return q
}

// Code returns the code of the picture of an answer.
func Code(a *knowledge.Answer) (string, error) { return codeOf(a, Usual) }

func codeOf(a *knowledge.Answer, layout Layout) (string, error) {
	facts := Facts(a)
	if len(facts) == 0 {
		return "", ErrNone
	}
	var b bits
	if err := writeAsked(&b, a, layout); err != nil {
		return "", err
	}
	room := digestRoom(len(b))
	if room == 0 {
		return "", ErrUncoded
	}
	b.put(digest(facts, room), room)
	symbols := make([]byte, 0, maxSymbols)
	for i := 0; i < len(b); i += symbolBits {
		symbols = append(symbols, byte(number(b[i:i+symbolBits])))
	}
	return spell(checked(symbols)), nil
}

// digestRoom is how many bits the digest has behind so many others, or 0 where the code would be too long.
func digestRoom(before int) int {
	const group = groupSymbols * symbolBits
	all := (before + digestBits + checkSymbols*symbolBits + group - 1) / group * group
	if all > maxSymbols*symbolBits {
		return 0
	}
	return all - before - checkSymbols*symbolBits
}

// digest returns the first bits of the digest of facts.
func digest(facts []Fact, bits int) uint64 {
	h := sha256.New()
	for i := range facts {
		fmt.Fprintln(h, facts[i].line())
	}
	return binary.BigEndian.Uint64(h.Sum(nil)) >> (64 - bits)
}

func writeAsked(b *bits, a *knowledge.Answer, layout Layout) error {
	q := &a.Query
	intent := slices.Index(coded, q.Intent)
	axis := slices.Index(codedAxes, q.Axis)
	if intent < 0 || axis < 0 {
		return ErrUncoded
	}
	b.put(uint64(intent), 5)
	b.put(uint64(layout), 2)
	dates := []knowledge.Day{q.AsOf, q.Since, q.KnownAt}
	if err := b.day(q.Today, drawnFrom, 14); err != nil {
		return err
	}
	b.put(uint64(axis), 2)
	for _, day := range dates {
		b.flag(day != 0)
	}
	for _, day := range dates {
		if day == 0 {
			continue
		}
		if err := b.day(day, askedFrom, 15); err != nil {
			return err
		}
	}
	return writeSubject(b, a)
}

func writeSubject(b *bits, a *knowledge.Answer) error {
	q := &a.Query
	countries := q.Countries
	if len(countries) > maxCoded {
		return ErrUncoded
	}
	b.put(uint64(len(countries)), 4)
	for _, country := range countries {
		region, err := language.ParseRegion(string(country))
		if err != nil || region.M49() >= 1<<10 {
			return ErrUncoded
		}
		b.put(uint64(region.M49()), 10)
	}
	if len(countries) == 0 {
		group := slices.Index(codedGroups, q.Group)
		if q.Group != "" && group < 0 {
			return ErrUncoded
		}
		b.put(uint64(group+1), 6)
	}
	if q.Intent == knowledge.IntentResolution {
		return writeSymbol(b, a.RollCall.ID)
	}
	return nil
}

// ParseCode reads a code as it was typed: in capitals or not, with other marks between its groups or none.
func ParseCode(text string) (Claim, error) {
	symbols, err := read(text)
	if err != nil {
		return Claim{}, err
	}
	var b bits
	for _, s := range symbols[:len(symbols)-checkSymbols] {
		b.put(uint64(s), symbolBits)
	}
	r := bitReader{left: b}
	c, ok := r.claim()
	if !ok || r.short || len(r.left) > 63 || digestRoom(len(b)-len(r.left)) != len(r.left) {
		return Claim{}, fmt.Errorf("%w: it says nothing that a picture shows", ErrNoCode)
	}
	c.bits = len(r.left)
	c.digest = number(r.left)
	return c, nil
}

// claim reads what was asked. What it reads beyond the end shows in r.short.
func (r *bitReader) claim() (Claim, bool) {
	var c Claim
	intent := r.take(5)
	c.Layout = Layout(r.take(2))
	c.Drawn = r.day(drawnFrom, 14)
	axis := r.take(2)
	if intent >= uint64(len(coded)) || axis >= uint64(len(codedAxes)) {
		return c, false
	}
	c.query.Intent, c.query.Axis = coded[intent], codedAxes[axis]
	dates := []*knowledge.Day{&c.query.AsOf, &c.query.Since, &c.query.KnownAt}
	var given [3]bool
	for i := range given {
		given[i] = r.take(1) == 1
	}
	for i, day := range dates {
		if given[i] {
			*day = r.day(askedFrom, 15)
		}
	}
	return c, r.subject(&c.query)
}

func (r *bitReader) subject(q *knowledge.Query) bool {
	n := int(r.take(4))
	for range n {
		region, err := language.EncodeM49(int(r.take(10)))
		if err != nil || region.ISO3() == "ZZZ" {
			return false
		}
		q.Countries = append(q.Countries, knowledge.Country(region.ISO3()))
	}
	if n == 0 {
		group := r.take(6)
		if group > uint64(len(codedGroups)) {
			return false
		}
		if group > 0 {
			q.Group = codedGroups[group-1]
		}
	}
	if q.Intent != knowledge.IntentResolution {
		return true
	}
	var ok bool
	q.Resolution, ok = r.symbol()
	return ok
}

// A Verdict is what the records say to a picture.
type Verdict struct {
	Claim   Claim
	State   State
	Changes []Change
	// Now is the answer that the picture would be drawn from today.
	Now knowledge.Answer
}

// A State tells whether a picture still holds.
type State string

// The states of a picture.
const (
	Holds   State = "holds"   // it shows what the records say
	Changed State = "changed" // it shows what they said when it was drawn
	Unknown State = "unknown" // it shows what they do not say: they are another desk's or of another version, or it is forged
)

// A Change is a fact that is no longer what a picture shows. Was is nil for what has come since, Is for what is gone.
type Change struct{ Was, Is *Fact }

// Verify draws the facts of a picture anew, as they are known today and as they were known on the day on which it was drawn.
func Verify(c Claim, answer func(knowledge.Query) knowledge.Answer, today knowledge.Day) Verdict {
	v := Verdict{Claim: c, State: Unknown, Now: answer(c.Query(today))}
	if c.Drawn > today {
		return v
	}
	now := Facts(&v.Now)
	if c.shows(now) {
		v.State = Holds
		return v
	}
	for _, then := range c.asDrawn() {
		a := answer(then)
		if facts := Facts(&a); c.shows(facts) {
			v.State, v.Changes = Changed, changes(facts, now)
			return v
		}
	}
	return v
}

func (c Claim) shows(facts []Fact) bool {
	return len(facts) > 0 && digest(facts, c.bits) == c.digest
}

// asDrawn asks what was known when the picture was drawn: at the end of that day and, since what was recorded later on that day did not
// count yet, at the end of the day before.
func (c Claim) asDrawn() []knowledge.Query {
	evening := c.Query(c.Drawn)
	if evening.KnownAt != 0 {
		return []knowledge.Query{evening}
	}
	evening.KnownAt = c.Drawn
	before := evening
	before.KnownAt = knowledge.DayOf(c.Drawn.Time().AddDate(0, 0, -1))
	if before.AsOf == 0 {
		before.AsOf = c.Drawn
	}
	return []knowledge.Query{evening, before}
}

// changes pairs the facts that differ, by what they are about.
func changes(was, is []Fact) []Change {
	var found []Change
	old := map[Subject]*Fact{}
	for i := range was {
		old[was[i].Subject] = &was[i]
	}
	for i := range is {
		before := old[is[i].Subject]
		delete(old, is[i].Subject)
		if before == nil || before.line() != is[i].line() {
			found = append(found, Change{before, &is[i]})
		}
	}
	for i := range was {
		if old[was[i].Subject] != nil {
			found = append(found, Change{Was: &was[i]})
		}
	}
	return found
}

// spell writes symbols in groups.
func spell(symbols []byte) string {
	var b strings.Builder
	for i, s := range symbols {
		if i > 0 && i%groupSymbols == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[s])
	}
	return b.String()
}

// alphabet is Crockford's: without I, L, O, which look like figures, and U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// likeFigures puts figures for the letters that are taken for them.
var likeFigures = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// read returns the symbols of a code whose check is right.
func read(text string) ([]byte, error) {
	var symbols []byte
	for _, r := range likeFigures.Replace(strings.ToUpper(text)) {
		if strings.ContainsRune(" -–—‐‑·._\t", r) {
			continue
		}
		s := strings.IndexRune(alphabet, r)
		if s < 0 || len(symbols) == maxSymbols {
			return nil, fmt.Errorf("%w: it has groups of five letters and figures", ErrNoCode)
		}
		symbols = append(symbols, byte(s))
	}
	if len(symbols) < 2*groupSymbols || len(symbols)%groupSymbols != 0 || !sound(symbols) {
		return nil, fmt.Errorf("%w: its letters and figures do not fit together", ErrNoCode)
	}
	return symbols, nil
}
