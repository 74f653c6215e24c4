package bottest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
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
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcript matches %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { play(t, h, file) })
	}
}

func play(t *testing.T, h bot.Handler, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) == 0 {
		t.Fatalf("%s holds no question: write one as -- question --", file)
	}
	for i := range archive.Files {
		f := &archive.Files[i]
		reply := h.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Conversation: file, Text: f.Name})
		got := []byte(reply.Text() + "\n\n")
		if *update {
			f.Data = got
			continue
		}
		if diff := cmp.Diff(string(bytes.TrimSpace(f.Data)), string(bytes.TrimSpace(got))); diff != "" {
			t.Errorf("%s: %q (-want +got; run with -update when the change is meant):\n%s", file, f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
