package console

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"stancebot/bot"
	"stancebot/bot/contract"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Conversation is a person at a terminal, or a file of questions piped in.
type Conversation struct {
	Handler bot.Handler
	Intro   string // what is said before the first question
	Person  string // who sits there, as the ledger names authors; "" where that is not known
	Colour  bool   // whether to use colour and bold, where the output is a terminal
}

const prompt = "stancebot> "

// Run answers questions until the input ends or somebody says quit. On a terminal it edits lines and keeps their
// history for as long as it runs; elsewhere it reads lines.
func (c *Conversation) Run(ctx context.Context, in *os.File, out *os.File) error {
	if term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd())) {
		return c.runTerminal(ctx, in, out)
	}
	return c.RunLines(ctx, in, out)
}

// RunLines reads one question a line and writes replies with an empty line behind each.
func (c *Conversation) RunLines(ctx context.Context, in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<16)
	for {
		line, err := readLine(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot read the question: %w", err)
		}
		if isQuit(line) {
			return nil
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		reply := c.reply(ctx, line, "")
		if len(reply.Blocks) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(out, "%s\n\n", contract.Text(&reply)); err != nil {
			return fmt.Errorf("cannot write the answer: %w", err)
		}
	}
}

func (c *Conversation) runTerminal(ctx context.Context, in *os.File, out *os.File) error {
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("cannot edit lines on this terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(in.Fd()), state) }()
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, prompt)
	return c.converse(ctx, t, func() (int, int, error) { return term.GetSize(int(out.Fd())) })
}

// converse answers what is typed, on a terminal of a size that may change.
func (c *Conversation) converse(ctx context.Context, t *term.Terminal, size func() (width, height int, err error)) error {
	if _, err := fmt.Fprintf(t, "%s\n", c.Intro); err != nil {
		return fmt.Errorf("cannot write to the terminal: %w", err)
	}
	for {
		width, height, err := size()
		if err != nil || width < 20 {
			width, height = 80, 24
		}
		if err := t.SetSize(width, height); err != nil {
			return fmt.Errorf("cannot set the size of the terminal: %w", err)
		}
		line, err := typed(t)
		language := ""
		for err == nil && strings.TrimSpace(line) != "" && !isQuit(line) {
			line, language, err = c.exchange(ctx, t, line, language, width)
		}
		if errors.Is(err, io.EOF) || err == nil && isQuit(line) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// typed reads a line.
func typed(t *term.Terminal) (string, error) {
	line, err := t.ReadLine()
	if err != nil && !errors.Is(err, term.ErrPasteIndicator) {
		return "", fmt.Errorf("cannot read the question: %w", err)
	}
	return line, nil
}

// exchange answers a line in a language, "" for that of its words. It returns what was typed into the form of the answer, "" for nothing,
// and the language in which that goes on.
func (c *Conversation) exchange(ctx context.Context, t *term.Terminal, line, language string, width int) (next, goesOn string, err error) {
	reply := c.reply(ctx, line, language)
	if len(reply.Blocks) == 0 {
		return "", "", nil
	}
	shown := c.render(&reply, width)
	if reply.File != nil && !reply.File.IsPicture() { // its lines are rows, and stay whole
		shown += "\n\n" + contract.FileText(reply.File)
	}
	if _, err := io.WriteString(t, shown+"\n\n"); err != nil {
		return "", "", fmt.Errorf("cannot write the answer: %w", err)
	}
	next, err = fill(t, &reply)
	return next, reply.Language, err
}

// formIn is what a reply asks for that waits for nothing else, nil where it asks for no words.
func formIn(r *bot.Reply) *bot.Choice {
	var found *bot.Choice
	for _, blk := range r.Blocks {
		choices, ok := blk.(bot.Choices)
		switch {
		case !ok:
		case found != nil, !choices.Asks, len(choices.Items) != 1, len(choices.Items[0].Asks) == 0:
			return nil
		default:
			found = &choices.Items[0]
		}
	}
	return found
}

// fill asks for the words that a reply asks for, one field after the other, and returns the command with them behind it. An empty
// line gives up.
func fill(t *term.Terminal, r *bot.Reply) (string, error) {
	choice := formIn(r)
	if choice == nil {
		return "", nil
	}
	defer t.SetPrompt(prompt)
	if _, err := fmt.Fprintf(t, "%s\n", phrases.In(r.Language).Say("console.form")); err != nil {
		return "", fmt.Errorf("cannot write to the terminal: %w", err)
	}
	words := []string{choice.Command}
	for _, ask := range choice.Asks {
		label := ask.Label
		if ask.Hint != "" {
			label += " (" + ask.Hint + ")"
		}
		t.SetPrompt(label + ": ")
		line, err := typed(t)
		answer := strings.Fields(line)
		if err != nil || len(answer) == 0 {
			return "", err
		}
		words = append(words, answer...)
	}
	return strings.Join(words, " "), nil
}

func isQuit(line string) bool {
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "quit", "exit", "bye", ":q":
		return true
	}
	return false
}

func (c *Conversation) reply(ctx context.Context, line, language string) bot.Reply {
	return c.Handler.Handle(ctx, bot.Request{
		Desk: knowledge.DefaultDesk, Conversation: "terminal", Person: cmp.Or(c.Person, "terminal"), Text: line, Language: language,
	})
}

// The escape codes for bold and dim text, and for neither.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

// render lays a reply out for a terminal of the given width: the heading in bold, receipts dim, lines broken
// between words.
func (c *Conversation) render(r *bot.Reply, width int) string {
	var out []string
	for line := range strings.SplitSeq(r.Text(), "\n") {
		indent := "  "
		if strings.HasPrefix(line, "  ") {
			indent = "    "
		}
		out = append(out, wrap(line, indent, width-1))
	}
	if c.Colour {
		for i, blk := range r.Blocks {
			switch blk := blk.(type) {
			case bot.Heading:
				out[i] = bold + out[i] + reset
			case bot.Line:
				out[i] = dimReceipts(out[i], len(blk.Receipts) > 0)
			case bot.Row:
				out[i] = dimReceipts(out[i], len(blk.Receipts) > 0)
			case bot.Choices:
				out[i] = dim + out[i] + reset
			}
		}
	}
	return strings.Join(out, "\n")
}

// dimReceipts makes the brackets at the end of a line dim.
func dimReceipts(text string, has bool) string {
	at := strings.LastIndex(text, "[")
	if !has || at < 0 {
		return text
	}
	return text[:at] + dim + text[at:] + reset
}

// wrap breaks a line between words so that it fits the width, further lines indented.
func wrap(line, indent string, width int) string {
	lead := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var b strings.Builder
	b.WriteString(lead)
	column := len(lead)
	for i, word := range strings.Fields(line) {
		n := utf8.RuneCountInString(word)
		if i > 0 {
			if column+1+n > width {
				b.WriteString("\n" + indent)
				column = len(indent)
			} else {
				b.WriteByte(' ')
				column++
			}
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
