package corpus

import (
	"testing"
	"testing/fstest"
)

// FuzzRead holds the promise of Lint: whatever a newsroom puts into a file, it is told of problems or Records
// succeeds. Nothing that somebody writes stops the bot. Run it with -fuzzminimizetime 5x: the seeds are whole files,
// and making them smaller takes a minute each otherwise.
func FuzzRead(f *testing.F) {
	files := recordFiles(f)
	for _, name := range []string{per, bra, "countries/BOL.yaml", "countries/SLV.yaml", "countries/VEN.yaml", leadersFile} {
		f.Add(files[name].Data)
	}
	for _, text := range []string{
		"", "\n", "---\n---\n", "country: PER\n", newCountry("PER"), "country: [PER]\n", "labels:\n  russia:\n",
		"claims:\n  - \n", "claims: [{id: PER-01, at: S4.6, check: }]\n", "country: &a PER\nclaims: *a\n", "? [a]\n: b\n",
		"country: !!binary UEVS\n", "country: |\n  PER\n", "claims: [*a]\n", "\xff\xfe", "{\"country\": \"PER\"}",
	} {
		f.Add([]byte(text))
	}
	base := mustRead(f, files)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems := with(base, fstest.MapFS{per: {Data: data}})
		if len(problems) == 0 {
			problems = s.Lint()
		}
		for _, p := range problems {
			if p.File == "" || p.What == "" || p.Do == "" {
				t.Errorf("a problem does not say where it is, what it is and what to do: %#v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if _, err := s.Records(); err != nil {
			t.Errorf("Lint found nothing, and Records fails: %v", err)
		}
		if _, err := s.Items(); err != nil {
			t.Errorf("Lint found nothing, and Items fails: %v", err)
		}
	})
}
