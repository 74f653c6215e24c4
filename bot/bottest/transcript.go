package bottest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"stancebot/bot"
	"stancebot/knowledge"
)

var update = flag.Bool("update", false, "rewrite golden files and transcripts with what the program says now")

// Update reports whether golden files are to be rewritten.
func Update() bool { return *update }

// Transcripts plays every transcript that matches pattern: a txtar archive in which the name of each file is a
// question and its content the reply. One transcript is one conversation. With -update the replies are rewritten.
func Transcripts(t *testing.T, h bot.Handler, pattern string) {
	t.Helper()
	Scripts(t, pattern, func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		return func(t *testing.T, line string) string {
			t.Helper()
			reply := h.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Conversation: t.Name(), Text: line})
			return reply.Text() + "\n\n"
		}
	})
}

// Scripts plays every txtar archive that matches pattern, in which the name of each file is what happens and its content what comes of
// it. For each archive begin makes what plays its lines, one behind the other. With -update the contents are rewritten.
func Scripts(t *testing.T, pattern string, begin func(t *testing.T) (play func(t *testing.T, line string) string)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcript matches %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { script(t, file, begin(t)) })
	}
}

func script(t *testing.T, file string, play func(t *testing.T, line string) string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) == 0 {
		t.Fatalf("%s holds no line: write one as -- line --", file)
	}
	for i := range archive.Files {
		f := &archive.Files[i]
		got := play(t, f.Name)
		if *update {
			f.Data = []byte(got)
			continue
		}
		if diff := cmp.Diff(strings.TrimSpace(string(f.Data)), strings.TrimSpace(got)); diff != "" {
			t.Errorf("%s: %q (-want +got; run with -update when the change is meant):\n%s", file, f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
