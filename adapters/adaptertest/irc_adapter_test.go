package adaptertest_test

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/knowledge"
)

// An ircAdapter is a third platform, as small as one can be: it reads what is said on IRC, has it answered, and says the answer. It is an
// example to begin another platform from, and is no part of the program. CONTRIBUTING.md goes through it.
//
// It asks a bot.Handler and is nothing that anybody else declares: a platform that is to have digests is a digest.Poster, too, and one
// whose events must outlive a crash puts them into a bot/inbox.
type ircAdapter struct {
	Bot  bot.Handler
	Desk func(channel string) knowledge.DeskID // whose records are read in a channel
	Nick string
	Join []string // channels
}

// maxSaid is how many bytes one message may have: a line of IRC has 512, of which servers put the sender before ours.
const maxSaid = 400

// Run answers until the connection ends. It says one thing after the other, so that no answer comes between the lines of another.
func (a *ircAdapter) Run(ctx context.Context, conn io.ReadWriter) error {
	if err := a.send(conn, "NICK "+a.Nick, "USER "+a.Nick+" 0 * :Stancebot"); err != nil {
		return err
	}
	for in := bufio.NewScanner(conn); in.Scan(); {
		if err := a.heard(ctx, conn, in.Text()); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// heard does what one line of the server asks for.
func (a *ircAdapter) heard(ctx context.Context, conn io.Writer, line string) error {
	m := readIRC(line)
	switch m.command {
	case "PING":
		return a.send(conn, "PONG :"+m.text)
	case "001": // we are known
		return a.send(conn, "JOIN "+strings.Join(a.Join, ","))
	case "PRIVMSG":
		req, to, mine := a.read(&m)
		if !mine {
			return nil
		}
		reply := a.Bot.Handle(ctx, req)
		if reply.Private {
			to = m.nick
		}
		return a.say(conn, to, &reply)
	}
	return nil
}

// read is the whole of what the rest of the program learns of IRC: a request that has no trace of it. In a channel we hear what begins
// with our name, and elsewhere everything.
func (a *ircAdapter) read(m *ircMessage) (req bot.Request, to string, mine bool) {
	text, channel := m.text, strings.HasPrefix(m.target, "#")
	if channel {
		text, mine = strings.CutPrefix(text, a.Nick)
		if !mine || !strings.HasPrefix(text, ":") && !strings.HasPrefix(text, ",") {
			return req, "", false
		}
		text = text[1:]
	}
	to = m.nick
	if channel {
		to = m.target
	}
	return bot.Request{
		Desk: a.Desk(m.target), Text: strings.TrimSpace(text), Person: "irc:" + m.nick, Conversation: "irc:" + to + ":" + m.nick,
		InWords: true, // IRC shows no pictures
	}, to, true
}

// say says a reply, which may be silence.
func (a *ircAdapter) say(conn io.Writer, to string, r *bot.Reply) error {
	lines := renderIRC(r)
	for i := range lines {
		lines[i] = "PRIVMSG " + to + " :" + lines[i]
	}
	return a.send(conn, lines...)
}

func (a *ircAdapter) send(conn io.Writer, lines ...string) error {
	for _, line := range lines {
		if _, err := io.WriteString(conn, line+"\r\n"); err != nil {
			return fmt.Errorf("irc: cannot send: %w", err)
		}
	}
	return nil
}

// renderIRC is how a reply looks on IRC: pure, so that tests can hold every reply to it. There are no buttons: the command of each choice
// is shown, for typing it is the same as pressing one. A file is not sent; the reply is complete without it.
func renderIRC(r *bot.Reply) []string {
	var lines []string
	for _, blk := range r.Blocks {
		switch blk := blk.(type) {
		case bot.Heading:
			lines = append(lines, boldIRC(blk.Text))
		case bot.Line:
			lines = append(lines, blocksIRC(blk.Text, blk.Who, blk.Receipts)...)
		case bot.Row:
			lines = append(lines, blocksIRC("• "+blk.Text, blk.Who, blk.Receipts)...)
		case bot.Choices:
			lines = append(lines, wrapIRC(choicesIRC(&blk))...)
		}
	}
	return lines
}

func blocksIRC(text, who string, receipts []string) []string {
	if who != "" {
		text += " " + who
	}
	if len(receipts) > 0 {
		text += " [" + strings.Join(receipts, ", ") + "]"
	}
	return wrapIRC(text)
}

func choicesIRC(c *bot.Choices) string {
	shown := make([]string, len(c.Items))
	for i, item := range c.Items {
		shown[i] = item.Command
		if !strings.EqualFold(item.Label, item.Command) {
			shown[i] = item.Label + " (" + item.Command + ")"
		}
	}
	return strings.TrimSpace(c.Lead + " " + strings.Join(shown, " · "))
}

// cleanIRC is the one place that escapes: what controls IRC, its ends of lines before all, becomes blanks.
func cleanIRC(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

func boldIRC(text string) string {
	bold := wrapIRC(text)
	return "\x02" + strings.Join(bold, "\x02 \x02") + "\x02"
}

// wrapIRC parts a text into messages, between words where that can be.
func wrapIRC(text string) []string {
	var lines []string
	for text = cleanIRC(text); len(text) > maxSaid; {
		end := maxSaid
		for !utf8.RuneStart(text[end]) {
			end--
		}
		if at := strings.LastIndexByte(text[:end], ' '); at > 0 {
			end = at
		}
		lines = append(lines, text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
	return append(lines, text)
}

// An ircMessage is one line of IRC, as RFC 2812 writes it.
type ircMessage struct{ nick, command, target, text string }

var ircLine = regexp.MustCompile(`^(?::([^ !]+)\S* )?(\S+)(?: ([^: ]\S*))?(?: [^:]\S*)*(?: :(.*))?$`)

func readIRC(line string) ircMessage {
	at := ircLine.FindStringSubmatch(strings.TrimRight(line, "\r"))
	if at == nil {
		return ircMessage{}
	}
	return ircMessage{nick: at[1], command: at[2], target: at[3], text: cmp.Or(at[4], at[3])}
}
