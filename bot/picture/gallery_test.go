package picture

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

var (
	galleryDir  = flag.String("gallery", "", "a folder to draw pictures of every kind into, to be looked at")
	galleryOf   = flag.String("of", "", "draw only those whose names hold this")
	galleryLang = flag.String("lang", "en", "the languages, with commas")
)

// A galleryPiece is one picture to look at.
type galleryPiece struct {
	name   string
	query  knowledge.Query
	layout Layout
}

// gallery names what is worth a look of every kind.
var gallery = []galleryPiece{
	{"card-per", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}}, Usual},
	{"card-arg", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"ARG"}}, Usual},
	{"card-cub", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"CUB"}}, Usual},
	{"card-ven", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"VEN"}}, Usual},
	{"card-bra", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"BRA"}}, Usual},
	{"card-hti", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"HTI"}}, Usual},
	{"card-jpn", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"JPN"}}, Usual},
	{"card-vct", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"VCT"}}, Usual},
	{"card-slv", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"SLV"}}, Usual},
	{"card-bra-russia", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"BRA"}, Axis: knowledge.TowardRussia}, Usual},
	{"card-per-2016", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, AsOf: 2016_06_01}, Usual},
	{"card-ven-2010", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"VEN"}, AsOf: 2010_06_01}, Usual},
	{"wide-per", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}}, Wide},
	{"wide-bra", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"BRA"}}, Wide},
	{"wide-cub", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"CUB"}}, Wide},
	{"wide-hti", knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"HTI"}}, Wide},
	{"timeline-arg", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"ARG"}}, Usual},
	{"timeline-per", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"PER"}}, Usual},
	{"timeline-ven", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"VEN"}}, Usual},
	{"timeline-cub", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"CUB"}}, Usual},
	{"timeline-bol", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"BOL"}}, Usual},
	{"timeline-jpn", knowledge.Query{Intent: knowledge.IntentTimeline, Countries: []knowledge.Country{"JPN"}}, Usual},
	{"agreement-bra", knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"BRA"}}, Usual},
	{"agreement-arg", knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"ARG"}}, Usual},
	{"agreement-rus", knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"RUS"}}, Usual},
	{"agreement-vct", knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"VCT"}}, Usual},
	{"agreement-ven", knowledge.Query{Intent: knowledge.IntentAgreement, Countries: []knowledge.Country{"VEN"}}, Usual},
	{"votes-es-11-1", knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/1"}, Usual},
	{"votes-es-11-7", knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/7"}, Usual},
	{"votes-es-11-7-latin-america", knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/7", Group: "latin_america"}, Usual},
	{"votes-es-11-4-central-america", knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "ES-11/4", Group: "central_america"}, Usual},
	{"votes-2026-02-24", knowledge.Query{Intent: knowledge.IntentResolution, Resolution: "GA-2026-02-24"}, Usual},
	{"compare-per-bra", knowledge.Query{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"PER", "BRA"}}, Usual},
	{"compare-five", knowledge.Query{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"ARG", "BRA", "CUB", "VCT", "MEX"}}, Usual},
	{"compare-cub-nic", knowledge.Query{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"CUB", "NIC"}}, Usual},
	{"map-latin-america", knowledge.Query{Intent: knowledge.IntentMap, Group: "latin_america"}, Usual},
	{"map-latin-america-washington-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "latin_america", Axis: knowledge.TowardWashington}, Outlines},
	{"map-latin-america-russia-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "latin_america", Axis: knowledge.TowardRussia}, Outlines},
	{"map-central-america", knowledge.Query{Intent: knowledge.IntentMap, Group: "central_america"}, Usual},
	{"map-central-america-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "central_america"}, Outlines},
	{"map-caribbean-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "caribbean"}, Outlines},
	{"map-andean-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "andean"}, Outlines},
	{"map-southern-cone", knowledge.Query{Intent: knowledge.IntentMap, Group: "southern_cone"}, Usual},
	{"map-southern-cone-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "southern_cone"}, Outlines},
	{"map-guianas", knowledge.Query{Intent: knowledge.IntentMap, Group: "guianas"}, Usual},
	{"map-mexico", knowledge.Query{Intent: knowledge.IntentMap, Group: "mexico"}, Usual},
	{"map-mercosur-outlines", knowledge.Query{Intent: knowledge.IntentMap, Group: "mercosur"}, Outlines},
	{"map-nato", knowledge.Query{Intent: knowledge.IntentMap, Group: "nato"}, Usual},
	{"map-world", knowledge.Query{Intent: knowledge.IntentMap, Group: "world", Axis: knowledge.TowardRussia}, Usual},
}

// shownGallery are those that the README shows, from the folder gallery.
var shownGallery = []string{
	"map-latin-america-russia-outlines", "map-southern-cone", "map-world", "card-per", "timeline-arg", "agreement-bra", "votes-es-11-7", "compare-per-bra",
}

// The pictures that the README shows hold, by their codes. With -update they are drawn anew, and with -gallery DIR all that is worth a look is.
func TestGallery(t *testing.T) {
	c := snapshot(t)
	for _, name := range shownGallery {
		file := filepath.Join("gallery", name+".png")
		if *update {
			drawGallery(t, c, name, "en", "gallery", map[string]bool{".png": true})
		}
		png, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := bytes.Cut(png, []byte("iTXtCode\x00\x00\x00\x00\x00"))
		code := codeForm.Find(text)
		if !found || code == nil {
			t.Fatalf("%s has no code", file)
		}
		claim, err := ParseCode(string(code))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if v := Verify(claim, c.Answer, today); v.State != Holds {
			t.Errorf("%s: %s: run with -update when the change is meant", file, v.State)
		}
	}
	if *galleryDir == "" {
		return
	}
	all := map[string]bool{".png": true, ".svg": true, ".txt": true}
	for lang := range strings.SplitSeq(*galleryLang, ",") {
		for _, g := range gallery {
			if strings.Contains(g.name, *galleryOf) {
				drawGallery(t, c, g.name, lang, *galleryDir, all)
			}
		}
	}
}

var codeForm = regexp.MustCompile(`^[0-9A-Z]{5}(-[0-9A-Z]{5})+`)

// drawGallery draws one of the gallery into a folder, in some forms; in another language than English its name says so.
func drawGallery(t *testing.T, c *core.Core, name, lang, dir string, forms map[string]bool) {
	t.Helper()
	i := slices.IndexFunc(gallery, func(g galleryPiece) bool { return g.name == name })
	q := gallery[i].query
	q.Today = today
	a := c.Answer(q)
	pic, err := DrawAs(&a, phrases.In(lang), gallery[i].layout)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	png, err := pic.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if lang != "en" {
		name += "-" + lang
	}
	for form, data := range map[string][]byte{".png": png, ".svg": pic.SVG(), ".txt": []byte(pic.Caption + "\n\n" + pic.Alt + "\n")} {
		if !forms[form] {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name+form), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
