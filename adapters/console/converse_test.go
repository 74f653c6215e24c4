package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/term"
	"pgregory.net/rapid"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/bot/talk"
)

// A conversation through a pipe: follow-ups look back, blank lines say nothing, and quit ends it before the input does.
func TestRunLines(t *testing.T) {
	for _, quit := range []string{"quit", "exit", "  BYE ", ":q"} {
		c := Conversation{Handler: bottest.NewDesk(t)}
		var out bytes.Buffer
		in := "shifts peru\n\n   \t\r\nand chile?\r\nwhy?\n" + quit + "\nstance cuba\n"
		if err := c.RunLines(t.Context(), strings.NewReader(in), &out); err != nil {
			t.Fatal(err)
		}
		replies := strings.Split(strings.TrimSuffix(out.String(), "\n\n"), "\n\n")
		if len(replies) != 3 {
			t.Fatalf("%s: %d replies:\n%s", quit, len(replies), out.String())
		}
		for i, want := range []string{"Peru", "Chile", "What the labels of Chile rest on"} {
			if !strings.Contains(replies[i], want) {
				t.Errorf("reply %d lacks %q:\n%s", i+1, want, replies[i])
			}
		}
		if strings.Contains(out.String(), "Cuba") {
			t.Errorf("%s does not end the conversation", quit)
		}
	}
}

// A flood of lines gets as many answers as a person may have, one notice, and nothing more: no empty replies either.
func TestFloodOfLines(t *testing.T) {
	c := Conversation{Handler: bottest.NewDesk(t), Person: "console:ana"}
	var out bytes.Buffer
	if err := c.RunLines(t.Context(), strings.NewReader(strings.Repeat("source CUB-04\n", 5*talk.FloodQuestions)), &out); err != nil {
		t.Fatal(err)
	}
	replies := strings.Split(strings.TrimSuffix(out.String(), "\n\n"), "\n\n")
	if len(replies) != talk.FloodQuestions+1 || !strings.HasPrefix(replies[talk.FloodQuestions], "Too many questions") {
		t.Errorf("%d replies, the last of them %q", len(replies), replies[len(replies)-1])
	}
}

// Words that only begin like quit are questions.
func TestIsQuit(t *testing.T) {
	for line, want := range map[string]bool{"quit": true, "Exit": true, " bye\t": true, ":Q": true, "": false, "quit it": false, "q": false, "quito": false} {
		if isQuit(line) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

// Each reply is there before the next question is read: whoever types sees it at once.
func TestRunLinesAnswersWhileInputWaits(t *testing.T) {
	c := Conversation{Handler: bottest.NewDesk(t)}
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := c.RunLines(t.Context(), inRead, outWrite)
		done <- errors.Join(err, outWrite.Close())
	}()
	buf := make([]byte, 1<<16)
	for _, country := range []string{"Peru", "Chile"} {
		if _, err := io.WriteString(inWrite, "stance "+country+"\n"); err != nil {
			t.Fatal(err)
		}
		n, err := outRead.Read(buf)
		if err != nil || !strings.HasPrefix(string(buf[:n]), country) {
			t.Fatalf("asked about %s, got %q (%v)", country, buf[:n], err)
		}
	}
	if err := inWrite.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
func (b broken) Read([]byte) (int, error)  { return 0, b.err }

func TestRunLinesTellsOfTrouble(t *testing.T) {
	errGone := errors.New("gone")
	c := Conversation{Handler: bottest.NewDesk(t)}
	err := c.RunLines(t.Context(), strings.NewReader("stance peru\nstance chile\n"), broken{errGone})
	if !errors.Is(err, errGone) || err.Error() != "cannot write the answer: gone" {
		t.Errorf("writing: %v", err)
	}
	err = c.RunLines(t.Context(), broken{errGone}, io.Discard)
	if !errors.Is(err, errGone) || err.Error() != "cannot read the question: gone" {
		t.Errorf("reading: %v", err)
	}
}

// checkWidth checks that no line is longer than the width, unless it holds a single word that is too long by itself.
func checkWidth(t interface {
	Errorf(string, ...any)
	Helper()
}, text string, width int,
) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 1 {
			t.Errorf("%d characters at a width of %d: %q", utf8.RuneCountInString(line), width, line)
		}
	}
}

func TestWrap(t *testing.T) {
	word := rapid.OneOf(rapid.StringMatching(`[a-z]{1,12}`), rapid.StringMatching(`[a-zé秘А-Я·“”\[\]:.-]{1,40}`),
		rapid.SampledFrom([]string{"[CUB-04,", "E:PER:2025-10-10]", "·", "→", strings.Repeat("x", 130)}))
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 60).Draw(t, "words")
		lead := rapid.SampledFrom([]string{"", "  "}).Draw(t, "lead")
		indent := rapid.SampledFrom([]string{"  ", "    "}).Draw(t, "indent")
		width := rapid.IntRange(20, 120).Draw(t, "width")
		got := wrap(lead+strings.Join(words, " "), indent, width)
		checkWidth(t, got, width)
		if !slices.Equal(strings.Fields(got), words) {
			t.Errorf("the words change:\n%q\n%q", words, got)
		}
		if !strings.HasPrefix(got, lead) {
			t.Errorf("the lead is lost: %q", got)
		}
		rows := strings.Split(got, "\n")
		for i, row := range rows[1:] {
			if !strings.HasPrefix(row, indent) || strings.HasPrefix(row, indent+" ") || strings.HasSuffix(row, " ") {
				t.Errorf("row %d is not indented by %d: %q", i+2, len(indent), row)
			}
			// Filled: the first word of a row would not have fitted the row before.
			next := strings.Fields(row)[0]
			if utf8.RuneCountInString(rows[i])+1+utf8.RuneCountInString(next) <= width {
				t.Errorf("%q would have fitted behind %q at %d", next, rows[i], width)
			}
		}
	})
}

// plainOf takes the escape codes away, and checks that each that begins ends before the next one begins.
func plainOf(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	open := false
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, reset):
			if !open {
				t.Errorf("a code ends that did not begin: %q", text)
			}
			open = false
			i += len(reset)
		case strings.HasPrefix(rest, bold), strings.HasPrefix(rest, dim):
			if open {
				t.Errorf("a code begins within another: %q", text)
			}
			open = true
			i += len(bold)
		case rest[0] == '\x1b':
			t.Fatalf("an unknown code: %q", rest[:min(8, len(rest))])
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	if open {
		t.Errorf("a code does not end: %q", text)
	}
	return b.String()
}

// Real replies of every shape on terminals of every width: the text is the same with colour and without, and nothing
// is lost to the layout.
func TestRender(t *testing.T) {
	d := bottest.NewDesk(t)
	plain, coloured := Conversation{Handler: d}, Conversation{Handler: d, Colour: true}
	for _, question := range []string{
		"stance peru", "stance brazil", "group caribbean", "shifts", "why ecuador", "source CUB-04", "contradictions",
		"compare chile argentina", "congo", "taiwan", "russia", "wakanda", "help", "hello",
	} {
		reply := d.Handle(t.Context(), bot.Request{Text: question})
		for width := 20; width <= 120; width++ {
			without, with := plain.render(&reply, width), coloured.render(&reply, width)
			if strings.ContainsRune(without, '\x1b') {
				t.Fatalf("%q: escape codes without colour: %q", question, without)
			}
			if !strings.ContainsRune(with, '\x1b') && strings.ContainsRune(reply.Text(), '[') {
				t.Fatalf("%q: no escape codes with colour: %q", question, with)
			}
			if got := plainOf(t, with); got != without {
				t.Fatalf("%q at %d: colour changes the text:\n%s\n%s", question, width, got, without)
			}
			if !slices.Equal(strings.Fields(without), strings.Fields(reply.Text())) {
				t.Fatalf("%q at %d: the words change:\n%s", question, width, without)
			}
			checkWidth(t, without, width)
		}
	}
}

// A screen is a terminal on which these lines are typed.
type screen struct {
	io.Reader
	io.Writer
}

// converse holds a conversation of these lines on a terminal, and returns what it shows.
func converse(t *testing.T, c Conversation, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	terminal := term.NewTerminal(screen{strings.NewReader(strings.Join(lines, "\r") + "\r"), &out}, prompt)
	if err := c.converse(t.Context(), terminal, func() (int, int, error) { return 200, 24, nil }); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "\r", "")
}

// On a terminal a reply that asks for words asks for each, and what is typed is done as the command with them. An empty line gives up,
// and so does the end of the input.
func TestForms(t *testing.T) {
	c := Conversation{Handler: bottest.Clerk{}, Person: "console:ana", Intro: "Hello"}
	for name, test := range map[string]struct {
		lines []string
		want  string
	}{
		"one": {[]string{"reject D-1", " no,  never ", "quit"}, `Hello
stancebot> reject D-1
Type reject D-1 and the words
Reject …

An empty line gives up
In your words:  no,  never 
reject D-1 no, never · typed by console:ana

stancebot> quit
`},
		"two": {[]string{"correct BRA-14", "It sells less", "https://a.example", "quit"}, `Hello
stancebot> correct BRA-14
Type correct BRA-14 and the words
Correct this

An empty line gives up
What is right: It sells less
Address of a source (https://…): https://a.example
correct BRA-14 It sells less https://a.example · typed by console:ana

stancebot> quit
`},
		"given up": {[]string{"correct BRA-14", "quit", "  ", "reject D-2 no", "exit"}, `Hello
stancebot> correct BRA-14
Type correct BRA-14 and the words
Correct this

An empty line gives up
What is right: quit
Address of a source (https://…):   
stancebot> reject D-2 no
reject D-2 no · typed by console:ana

stancebot> exit
`},
		"ended": {[]string{"reject D-1"}, `Hello
stancebot> reject D-1
Type reject D-1 and the words
Reject …

An empty line gives up
In your words: `},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, converse(t, c, test.lines...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A form asks in the language of its reply, and what is typed into it is answered in that language.
func TestFormsInEveryLanguage(t *testing.T) {
	for _, language := range phrases.Languages() {
		ears := &bottest.Listener{Handler: spoken{bottest.Clerk{}, language}}
		p := phrases.In(language)
		shown := converse(t, Conversation{Handler: ears}, "correct BRA-14", "a", "b")
		for _, want := range []string{p.Say("console.form"), p.Say("edit.ask.right") + ": a", p.Say("edit.ask.source") + " (https://…): b"} {
			if !strings.Contains(shown, want+"\n") {
				t.Errorf("%s: it lacks %q: %s", language, want, shown)
			}
		}
		if req := ears.Last(t); req.Text != "correct BRA-14 a b" || req.Language != language {
			t.Errorf("%s: asked %q in %q", language, req.Text, req.Language)
		}
	}
}

// spoken is a bot that answers in a language.
type spoken struct {
	bot.Handler

	language string
}

// Handle answers in it.
func (s spoken) Handle(ctx context.Context, req bot.Request) bot.Reply {
	req.Language = s.language
	return s.Handler.Handle(ctx, req)
}

// Through a pipe a line is a line: nobody is asked for words.
func TestNoFormsThroughAPipe(t *testing.T) {
	c := Conversation{Handler: bottest.Clerk{}, Person: "console:ana"}
	var out bytes.Buffer
	if err := c.RunLines(t.Context(), strings.NewReader("reject D-1\nno\n"), &out); err != nil {
		t.Fatal(err)
	}
	if want := "Type reject D-1 and the words\nReject …\n\nno command: no\n\n"; out.String() != want {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}

// A reply that leaves a choice asks for no words before one is made.
func TestFormsToChooseFrom(t *testing.T) {
	form := bot.Choice{Label: "Reject", Command: "reject D-1", Asks: []bot.Ask{{Label: "Why"}}}
	plain := bot.Choice{Label: "Approve", Command: "approve D-1"}
	for name, blocks := range map[string][]bot.Block{
		"several":        {bot.Choices{Asks: true, Items: []bot.Choice{form, form}}},
		"offered":        {bot.Choices{Items: []bot.Choice{form}}},
		"no words":       {bot.Choices{Asks: true, Items: []bot.Choice{plain}}},
		"beside others":  {bot.Choices{Asks: true, Items: []bot.Choice{form}}, bot.Choices{Items: []bot.Choice{plain}}},
		"no choices":     {bot.Line{Text: "x"}},
		"nothing at all": nil,
	} {
		if c := formIn(&bot.Reply{Blocks: blocks}); c != nil {
			t.Errorf("%s: it asks for %+v", name, c)
		}
	}
}

// What is bold is the heading, and what is dim the receipts.
func TestRenderColours(t *testing.T) {
	reply := bot.Reply{Blocks: []bot.Block{
		bot.Heading{Text: "Peru"},
		bot.Line{Text: "leans [sic] against", Receipts: []string{"PER-05"}},
		bot.Line{Text: "no [receipt]"},
		bot.Row{Text: "a row", Receipts: []string{"F-02", "X-02"}},
		bot.Choices{Lead: "More:", Items: []bot.Choice{{Label: "why peru", Command: "why per"}}},
	}}
	got := (&Conversation{Colour: true}).render(&reply, 80)
	want := strings.Join([]string{
		bold + "Peru" + reset, "leans [sic] against " + dim + "[PER-05]" + reset, "no [receipt]",
		"  a row " + dim + "[F-02, X-02]" + reset, dim + "More: why peru" + reset,
	}, "\n")
	if got != want {
		t.Errorf("\n got: %q\nwant: %q", got, want)
	}
}
