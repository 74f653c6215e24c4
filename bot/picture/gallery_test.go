package picture

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

var (
	galleryDir  = flag.String("gallery", "", "a folder to draw pictures of every kind into, to be looked at")
	galleryOf   = flag.String("of", "", "draw only those whose names hold this")
	galleryLang = flag.String("lang", "en", "the languages, with commas")
)

// gallery names what is worth a look of every kind.
var gallery = []struct {
	name   string
	query  knowledge.Query
	layout Layout
}{
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

// TestGallery draws what there is to look at: go test ./bot/picture -run Gallery -gallery DIR.
func TestGallery(t *testing.T) {
	if *galleryDir == "" {
		t.Skip("no folder to draw into: name one with -gallery")
	}
	c := snapshot(t)
	for lang := range strings.SplitSeq(*galleryLang, ",") {
		for _, g := range gallery {
			if !strings.Contains(g.name, *galleryOf) {
				continue
			}
			g.query.Today = today
			a := c.Answer(g.query)
			pic, err := DrawAs(&a, phrases.In(lang), g.layout)
			if err != nil {
				t.Errorf("%s: %v", g.name, err)
				continue
			}
			png, err := pic.PNG()
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(*galleryDir, g.name+"-"+lang)
			for ext, data := range map[string][]byte{".png": png, ".svg": pic.SVG(), ".txt": []byte(pic.Caption + "\n\n" + pic.Alt + "\n")} {
				if err := os.WriteFile(name+ext, data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
