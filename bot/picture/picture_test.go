package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/raced"
)

var update = flag.Bool("update", false, "write what pictures are held against")

// everyPicture draws what the gallery names in every language, a sample of it where races are looked for.
func everyPicture(t *testing.T, see func(t *testing.T, a *knowledge.Answer, pic *Picture, p *phrases.Catalogue)) {
	t.Helper()
	c := snapshot(t)
	for i, language := range phrases.Languages() {
		p := phrases.In(language)
		for j, g := range gallery {
			if raced.On && (i+j)%9 != 0 {
				continue
			}
			g.query.Today = today
			a := c.Answer(g.query)
			a.Version = "0123456789ab" // so that a record that is not shown changes no picture
			t.Run(language+"/"+g.name, func(t *testing.T) {
				t.Parallel()
				see(t, &a, picture(t, language+"/"+g.name, &a, p, g.layout), p)
			})
		}
	}
}

// picture draws one of the gallery, which tests only look at, once for all of them.
func picture(t *testing.T, name string, a *knowledge.Answer, p *phrases.Catalogue, layout Layout) *Picture {
	t.Helper()
	once, _ := pictures.LoadOrStore(name, sync.OnceValues(func() (*Picture, error) { return DrawAs(a, p, layout) }))
	draw, ok := once.(func() (*Picture, error))
	if !ok {
		t.Fatal("this is no picture")
	}
	pic, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	return pic
}

var pictures sync.Map

// The least sizes of what is read on a phone, where a picture is shown at a third of its width.
const leastText, leastSource = 24, 20

func TestTextsAreReadable(t *testing.T) {
	t.Parallel()
	everyPicture(t, func(t *testing.T, _ *knowledge.Answer, pic *Picture, _ *phrases.Catalogue) {
		t.Helper()
		frame := Rect{0, 0, pic.Scene.Width, pic.Scene.Height}.Grown(-margin / 2)
		texts := pic.Scene.Texts()
		if len(texts) < 5 {
			t.Errorf("only %d texts", len(texts))
		}
		bounds := make([]Rect, len(texts))
		for i, text := range texts {
			bounds[i] = text.Bounds()
		}
		for i, text := range texts {
			b := bounds[i]
			if !b.Within(frame) {
				t.Errorf("%q stands at %+v, outside the picture", text.Text, b)
			}
			if text.Size < leastSource || text.Size < leastText && text.Colour != grey {
				t.Errorf("%q is set in %v", text.Text, text.Size)
			}
			if strings.ContainsAny(text.Text, "[]{}") || strings.TrimSpace(text.Text) == "" || strings.Contains(text.Text, "%!") {
				t.Errorf("a phrase is missing in %q", text.Text)
			}
			for _, r := range text.Text {
				if !Has(r) {
					t.Errorf("%q has %q, which is not drawn", text.Text, r)
				}
			}
			for j := range i {
				if o := bounds[j]; b.Grown(-1.5).Overlaps(o.Grown(-1.5)) {
					t.Errorf("%q and %q overlap: %+v, %+v", text.Text, texts[j].Text, b, o)
				}
			}
		}
	})
}

// What is said beside a picture must say all that it shows, and name all that it rests on.
func TestPicturesAreSaid(t *testing.T) {
	t.Parallel()
	everyPicture(t, func(t *testing.T, a *knowledge.Answer, pic *Picture, p *phrases.Catalogue) {
		t.Helper()
		facts := Facts(a)
		if n := utf8.RuneCountInString(pic.Caption); n == 0 || n > MaxCaption {
			t.Errorf("the caption has %d characters", n)
		}
		if !strings.Contains(pic.Caption, pic.Code) || !strings.HasPrefix(pic.Caption, pic.Title) || pic.Code == "" {
			t.Errorf("the caption says neither what the picture shows nor its code: %q", pic.Caption)
		}
		if pic.Title == "" || strings.ContainsAny(pic.Alt, "[]{}") || strings.Contains(pic.Alt, "..") {
			t.Errorf("titled %q, said %q", pic.Title, pic.Alt)
		}
		for i := range facts {
			for _, want := range alts(&facts[i], p, a) {
				if !strings.Contains(strings.ToLower(pic.Alt), strings.ToLower(want)) {
					t.Errorf("%q is not said of %+v in %q", want, facts[i].Subject, pic.Alt)
				}
			}
		}
		for _, id := range receiptsOf(facts) {
			if !slices.Contains(pic.Receipts, id) || knowledge.ReceiptKindOf(id) == "" {
				t.Errorf("the receipt %s is missing or none", id)
			}
		}
	})
}

// alts are what must be said of a fact beside the picture.
func alts(f *Fact, p *phrases.Catalogue, a *knowledge.Answer) []string {
	subject, value := f.Say(p)
	switch f.Of {
	case OfVote:
		if a.RollCall != nil && len(a.Votes) > maxNamed {
			return nil // bounded, and counted
		}
		if a.RollCall != nil {
			return []string{p.Country(f.Country)}
		}
		return []string{f.ID}
	case OfAgreement:
		share, _, _ := strings.Cut(f.Value, " ")
		return []string{f.ID, share}
	case OfMeasure:
		return nil // with its date
	case OfLabel, OfStaleness, OfTally, OfEvent, OfShift, OfRelabel, OfCheck, OfCorrection:
		if f.Of == OfTally && a.Group != nil {
			return nil // its sum is said
		}
		if f.Of == OfShift || f.Of == OfEvent {
			value = strings.TrimSuffix(strings.TrimSuffix(f.Value, "."), "true")
			value = value[strings.LastIndex(value, "|")+1:]
			if f.Of == OfEvent {
				_, value, _ = strings.Cut(value, " ")
			}
			return []string{strings.TrimSpace(value)}
		}
		return []string{value}
	case OfMembership:
		return []string{p.Group(knowledge.GroupID(f.ID))}
	}
	return []string{subject, value}
}

// An SVG must be well-formed, and hold the texts of the picture and what stands beside it.
func TestSVGHoldsAll(t *testing.T) {
	t.Parallel()
	everyPicture(t, func(t *testing.T, _ *knowledge.Answer, pic *Picture, _ *phrases.Catalogue) {
		t.Helper()
		file := pic.SVG()
		d := xml.NewDecoder(bytes.NewReader(file))
		var text strings.Builder
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if data, ok := token.(xml.CharData); ok {
				text.Write(data)
			}
		}
		for _, want := range []string{pic.Title, pic.Alt, pic.Code, strings.Join(pic.Receipts, " ")} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%q is not in the file", want)
			}
		}
	})
}

// Every covered country's card says what makes its labels stale, on the wide one at least that they are.
func TestNoCardHidesStaleness(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	stale := 0
	for i, country := range coveredCountries(t) {
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{country}, Today: today})
		if len(a.Stances[0].Stale) == 0 {
			continue
		}
		stale++
		for j, language := range phrases.Languages() {
			if raced.On && (i+j)%5 != 0 {
				continue
			}
			p := phrases.In(language)
			for _, layout := range []Layout{Usual, Wide} {
				pic, err := DrawAs(&a, p, layout)
				if err != nil {
					t.Fatal(err)
				}
				shown := shownText(pic.Scene)
				for k := range a.Stances[0].Stale {
					full, short := bare(staleText(p, &a.Stances[0].Stale[k])), bare(p.Say("draw.stale"))
					if !strings.Contains(shown, full) && (layout != Wide || !strings.Contains(shown, short)) {
						t.Errorf("%s, %s, layout %d: %q is not on the card", country, language, layout, full)
					}
				}
				if layout == Wide && pic.Scene.Height != wideHeight {
					t.Errorf("%s, %s: a wide card is %v high", country, language, pic.Scene.Height)
				}
			}
		}
	}
	if stale < 5 {
		t.Errorf("only %d cards are stale", stale)
	}
}

func coveredCountries(t *testing.T) []knowledge.Country {
	t.Helper()
	a := snapshot(t).Answer(knowledge.Query{Intent: knowledge.IntentMap, Group: "latin_america", Today: today})
	var covered []knowledge.Country
	for i := range a.Stances {
		if a.Stances[i].Covered {
			covered = append(covered, a.Stances[i].Country)
		}
	}
	return covered
}

// shownText is all text of a scene without spaces, as lines may be broken anywhere.
func shownText(s *Scene) string {
	var b strings.Builder
	for _, text := range s.Texts() {
		b.WriteString(bare(text.Text))
	}
	return b.String()
}

func bare(s string) string { return strings.NewReplacer(" ", "", "\u00a0", "").Replace(s) }

// A picture shows every vote that it has a fact of, as a mark of its own: none is left out where there are many.
func TestEveryVoteHasItsMark(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := c.Answer(knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/7", Today: today})
	pic, err := Draw(&a, phrases.In("en"))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, text := range pic.Scene.Texts() {
		shown[text.Text]++
	}
	for _, v := range a.Votes {
		if shown[string(v.Country)] != 1 {
			t.Errorf("%s is shown %d times", v.Country, shown[string(v.Country)])
		}
	}
	if len(a.Votes) != 193 {
		t.Errorf("%d states voted", len(a.Votes))
	}
}

// Positions must be told apart without colours: by their signs and by lightness.
func TestPositionsDiffer(t *testing.T) {
	t.Parallel()
	for i, p := range knowledge.Positions {
		fill := positionColours[p]
		if c := contrast(fill, inkOn(fill)); c < 4.5 {
			t.Errorf("text on %s has a contrast of %.1f", p, c)
		}
		for _, q := range knowledge.Positions[i+1:] {
			if c := contrast(fill, positionColours[q]); c < 1.3 {
				t.Errorf("%s and %s differ by %.2f in lightness", p, q, c)
			}
			if len(ballot{position: p}.marks(Rect{0, 0, 40, 40})) == len(ballot{position: q}.marks(Rect{0, 0, 40, 40})) && p != knowledge.No && q != knowledge.No {
				t.Errorf("%s and %s have one sign", p, q)
			}
		}
	}
	for axis, stroke := range poleColours {
		if c := contrast(stroke.Colour, paper); c < 4.5 {
			t.Errorf("the line of %s has a contrast of %.1f", axis, c)
		}
	}
}

// What is set along a line keeps its distance and its order, and stays within.
func TestSpread(t *testing.T) {
	t.Parallel()
	for _, at := range [][]float64{{}, {5}, {0, 0, 0, 0}, {100, 100, 100}, {0, 1, 2, 50, 51, 98, 99, 100}, {30, 31, 70, 71}} {
		placed := spread(at, 10, 0, 100)
		if len(placed) != len(at) {
			t.Fatalf("%v became %v", at, placed)
		}
		for i, x := range placed {
			if x < -1e-9 || x > 100+1e-9 || i > 0 && x-placed[i-1] < 10-1e-9 {
				t.Errorf("%v became %v", at, placed)
			}
		}
	}
	if got := spread([]float64{20, 50, 80}, 10, 0, 100); !slices.Equal(got, []float64{20, 50, 80}) {
		t.Errorf("what has room was moved: %v", got)
	}
}

// Pictures are what they were: a change of one is seen here, and then looked at.
func TestPicturesAsTheyWere(t *testing.T) {
	path := filepath.Join("testdata", "pictures.json")
	sums := map[string]string{}
	if file, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(file, &sums); err != nil {
			t.Fatal(err)
		}
	} else if !*update {
		t.Fatal(err)
	}
	var mu sync.Mutex
	found := map[string]string{}
	t.Run("all", func(t *testing.T) {
		everyPicture(t, func(t *testing.T, _ *knowledge.Answer, pic *Picture, _ *phrases.Catalogue) {
			t.Helper()
			_, name, _ := strings.Cut(t.Name(), "all/")
			whole := sha256.Sum256(pic.SVG())
			sum := fmt.Sprintf("%x", whole[:8])
			mu.Lock()
			found[name] = sum
			mu.Unlock()
			if sums[name] != sum && !*update {
				t.Error("it is drawn otherwise: look at it with -gallery, then run with -update")
			}
		})
	})
	if !*update {
		return
	}
	file, err := json.MarshalIndent(found, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(file, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The same answer makes the same file, whoever draws it and at the same time as others.
func TestPicturesAreTheSameForAll(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := c.Answer(knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, Today: today})
	files := make([][]byte, 4)
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			pic, err := Draw(&a, phrases.In("zh"))
			if err != nil {
				t.Error(err)
				return
			}
			if files[i], err = pic.PNG(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, file := range files[1:] {
		if !bytes.Equal(file, files[0]) {
			t.Error("one answer was drawn in two ways")
		}
	}
	if img, err := png.Decode(bytes.NewReader(files[0])); err != nil || img.Bounds().Dx() != Width {
		t.Error(err)
	}
}

// Where there is no picture, there is an error that says so, and no empty picture.
func TestNoPicture(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	for _, q := range []knowledge.Query{
		{Intent: knowledge.IntentHelp},
		{Intent: knowledge.IntentSource, Receipt: "PER-05"},
		{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"RUS"}},
		{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, AsOf: 1980_01_01},
		{Intent: knowledge.IntentResolution, Resolution: "ES-11/99"},
		{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"PER"}},
		{Intent: knowledge.IntentStance, Place: "TWN"},
		{Intent: knowledge.IntentTimeline},
	} {
		q.Today = today
		a := c.Answer(q)
		if pic, err := Draw(&a, phrases.In("en")); !errors.Is(err, ErrNone) {
			t.Errorf("%+v has a picture: %v, %v", q, pic, err)
		}
	}
}

// What the desk corrected is said on the picture, and is part of what it shows.
func TestCorrectionsAreOnThePicture(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	record := &knowledge.DeskRecord{
		Recording: knowledge.Recording{Receipt: "D-3", On: 2026_11_20}, Country: "PER",
		Correction: &knowledge.Correction{Of: "PER-08", Country: "PER", Was: "as it was", Text: "Peru is a partner among others.", Source: "https://example.org/"},
	}
	record.Settle()
	desk, err := c.With(&knowledge.Overlay{Desk: knowledge.DefaultDesk, Records: []*knowledge.DeskRecord{record}, Seqs: []int64{1}})
	if err != nil {
		t.Fatal(err)
	}
	q := knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, Today: today}
	a, without := desk.Answer(q), c.Answer(q)
	pic, err := Draw(&a, phrases.In("en"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(shownText(pic.Scene), bare("Peru is a partner among others.")) || !strings.Contains(pic.Alt, "Peru is a partner among others.") || !slices.Contains(pic.Receipts, "D-3") {
		t.Errorf("the correction is not told: %s", pic.Alt)
	}
	if pic.Code == codeFor(t, &without) {
		t.Error("the correction changes nothing in the code")
	}
}

func benchmark(b *testing.B, q knowledge.Query) {
	b.Helper()
	q.Today = today
	a, p := snapshot(b).Answer(q), phrases.In("en")
	for b.Loop() {
		pic, err := Draw(&a, p)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pic.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	benchmark(b, knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}})
}

func BenchmarkTimeline(b *testing.B) {
	benchmark(b, knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"BOL"}})
}

func BenchmarkAgreement(b *testing.B) {
	benchmark(b, knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"BRA"}})
}

func BenchmarkStrip(b *testing.B) {
	benchmark(b, knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/7"})
}

func BenchmarkComparison(b *testing.B) {
	benchmark(b, knowledge.Query{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"ARG", "BRA", "CUB", "VCT", "MEX"}})
}

func BenchmarkCode(b *testing.B) {
	a := snapshot(b).Answer(knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, Today: today})
	for b.Loop() {
		codeFor(b, &a)
	}
}
