package corpus

import (
	"strings"
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
		checkPromise(t, s, problems)
	})
}

// FuzzReadTables holds the same promise for the CSV files, which a spreadsheet may have written.
func FuzzReadTables(f *testing.F) {
	files := recordFiles(f)
	names := []string{membershipsFile, measuresFile, agreementFile}
	for i, name := range names {
		lines := strings.SplitAfter(string(files[name].Data), "\n")
		head := lines[0]
		for _, text := range []string{
			string(files[name].Data), "", "\n", head, head + "\n\n", head + lines[1], head + lines[1] + lines[1],
			head + strings.NewReplacer(",", ";", `"`, "").Replace(lines[1]), head + strings.ReplaceAll(lines[1], ",", ";"), head + `"` + lines[2], head + ",,,,,,,,\n", head + ",,,,,\n",
			strings.ReplaceAll(head+lines[1], "\n", "\r\n"), "\ufeff" + head + lines[1], head + "\xff\xfe\n",
		} {
			f.Add(uint8(i), []byte(text))
		}
	}
	base := mustRead(f, files)
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		s, problems := with(base, fstest.MapFS{names[int(which)%len(names)]: {Data: data}})
		checkPromise(t, s, problems)
	})
}

// checkPromise holds what reading promises: every problem is told in full, and what has none decodes.
func checkPromise(t *testing.T, s *Set, problems []Problem) {
	t.Helper()
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
}
