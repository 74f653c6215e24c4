package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"stancebot/bot"
	"stancebot/bot/contract"
	"stancebot/knowledge"
)

// An Asker answers questions on behalf of a program or of a person who types one command.
type Asker struct {
	Bot          *bot.Bot
	JSON         bool
	Language     string // of the replies; "" leaves it to the question
	AsOf         string
	KnownAt      string
	Conversation bool // the lines of Lines are one conversation
	// Picture hears of the file that goes with the answer of Ask, which may be nil; nil where nobody wants it.
	Picture func(*bot.File) error
}

// Ask answers one question on w.
func (a *Asker) Ask(ctx context.Context, w io.Writer, question string) error {
	ex := a.Bot.Ask(ctx, a.request(question))
	if a.Picture != nil {
		if err := a.Picture(ex.Reply.File); err != nil {
			return err
		}
	}
	if !a.JSON {
		_, err := fmt.Fprintln(w, contract.Text(&ex.Reply))
		return err
	}
	return writeObject(json.NewEncoder(w), question, &ex)
}

func writeObject(enc *json.Encoder, question string, ex *bot.Exchange) error {
	enc.SetEscapeHTML(false)
	return enc.Encode(contract.New(question, ex))
}

func (a *Asker) request(question string) bot.Request {
	req := bot.Request{Desk: knowledge.DefaultDesk, Text: question, Language: a.Language, AsOf: a.AsOf, KnownAt: a.KnownAt}
	if a.Conversation {
		req.Conversation = "ask"
	}
	return req
}

// Lines answers one question a line, in order: an object a line, or texts with an empty line between them.
func (a *Asker) Lines(ctx context.Context, w io.Writer, r io.Reader) error {
	in, out := bufio.NewReaderSize(r, 1<<16), bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	for {
		question, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("cannot read the questions: %w", err), out.Flush())
		}
		ex := a.Bot.Ask(ctx, a.request(question))
		if a.JSON {
			err = writeObject(enc, question, &ex)
		} else {
			_, err = fmt.Fprintf(out, "%s\n\n", contract.Text(&ex.Reply))
		}
		if err == nil && !lineWaits(in) { // whoever types, or waits for each answer, gets it now
			err = out.Flush()
		}
		if err != nil {
			return fmt.Errorf("cannot write the answers: %w", err)
		}
	}
}

// lineWaits reports whether a whole line has been read already.
func lineWaits(r *bufio.Reader) bool {
	waiting, _ := r.Peek(r.Buffered())
	return bytes.IndexByte(waiting, '\n') >= 0
}

// maxLineBytes is how much of a line is kept: enough that one which is too long is seen to be so.
const maxLineBytes = 1 << 15

// readLine reads a line without its end, LF or CRLF. Of a line that is too long it keeps the beginning and skips
// the rest.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := maxLineBytes - len(line); room > 0 {
			line = append(line, part[:min(len(part), room)]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
		case err != nil:
			return "", err
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		return string(bytes.TrimSuffix(line, []byte("\r"))), nil
	}
}
