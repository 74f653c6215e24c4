package adaptertest_test

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
)

// hostileIRC would do something on IRC if it went there as it is.
var hostileIRC = []string{"a\r\nQUIT :bye", "\x01DCC SEND x\x01", "\x02\x0304red\x0f", "\x00", "PRIVMSG #news :no", strings.Repeat("ñ", 600)}

// What IRC shows of every reply is what the reply says, with each receipt in its order, in lines that IRC takes.
func TestIRCShowsEveryReply(t *testing.T) {
	t.Parallel()
	d := bottest.NewRecordingDesk(t, hostileIRC)
	shown := 0
	for name, r := range d.EveryReply(t, hostileIRC) {
		lines := renderIRC(r)
		text := strings.ReplaceAll(strings.Join(lines, " "), "\x02", "")
		for _, w := range bottest.RowsOf(r) {
			if said := cleanIRC(w.Said()); !strings.Contains(withoutBlanks(text), withoutBlanks(said)) { // texts without blanks are parted anywhere
				t.Errorf("%s: %q is not shown", name, said)
			}
		}
		for _, blk := range r.Blocks {
			if c, ok := blk.(bot.Choices); ok {
				for _, item := range c.Items {
					if !strings.Contains(text, item.Command) {
						t.Errorf("%s: the command %q cannot be typed: it is not shown", name, item.Command)
					}
				}
			}
		}
		for _, line := range lines {
			if len(line) > maxSaid+50 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00\x01\x03") {
				t.Errorf("%s: IRC does not take %q", name, line)
			}
		}
		shown++
	}
	if shown < 400 {
		t.Errorf("only %d replies were looked at", shown)
	}
}

func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }

// An ircServer is the other end of a connection.
type ircServer struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Scanner
}

func (s *ircServer) says(line string) {
	s.t.Helper()
	if _, err := fmt.Fprintf(s.conn, "%s\r\n", line); err != nil {
		s.t.Fatal(err)
	}
}

func (s *ircServer) hears() string {
	s.t.Helper()
	if !s.in.Scan() {
		s.t.Fatalf("the adapter says nothing more: %v", s.in.Err())
	}
	return strings.TrimSuffix(s.in.Text(), "\r")
}

func (s *ircServer) wants(lines ...string) {
	s.t.Helper()
	for _, want := range lines {
		if got := s.hears(); !strings.HasPrefix(got, want) {
			s.t.Errorf("the adapter says %q, not %q", got, want)
		}
	}
}

// hearsReply reads lines to a place until one has choices, which end a reply.
func (s *ircServer) hearsReply(to string) (lines []string) {
	s.t.Helper()
	for {
		line, ok := strings.CutPrefix(s.hears(), "PRIVMSG "+to+" :")
		if !ok {
			s.t.Fatalf("a line goes elsewhere than to %s", to)
		}
		lines = append(lines, line)
		if strings.HasPrefix(line, "More:") {
			return lines
		}
	}
}

func TestIRCConversation(t *testing.T) {
	t.Parallel()
	ours, theirs := net.Pipe()
	a := &ircAdapter{
		Bot: bottest.NewDesk(t), Desk: func(string) knowledge.DeskID { return knowledge.DefaultDesk }, Nick: "stancebot", Join: []string{"#foreign", "#night"},
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(t.Context(), ours) }()
	s := &ircServer{t: t, conn: theirs, in: bufio.NewScanner(theirs)}

	s.wants("NICK stancebot", "USER stancebot 0 * :Stancebot")
	s.says(":irc.example.org 001 stancebot :Welcome")
	s.wants("JOIN #foreign,#night")
	s.says("PING :irc.example.org")
	s.wants("PONG :irc.example.org")

	s.says(":ana!ana@host PRIVMSG #foreign :is anybody at lunch?") // which is not ours to answer
	s.says(":ana!ana@host PRIVMSG #foreign :stancebot: peru?")
	peru := s.hearsReply("#foreign")
	if !strings.HasPrefix(peru[0], "\x02Peru · toward Russia: leans against") || !strings.Contains(peru[len(peru)-1], "why peru") {
		t.Errorf("Peru is answered with %q", peru)
	}
	s.says(":ana!ana@host PRIVMSG #foreign :stancebot, and bolivia?") // which goes on from there
	if bolivia := s.hearsReply("#foreign"); !strings.HasPrefix(bolivia[0], "\x02Bolivia") {
		t.Errorf("Bolivia is answered with %q", bolivia)
	}
	s.says(":ben!ben@host PRIVMSG stancebot :¿y perú?") // in private, in another language
	if private := s.hears(); !strings.HasPrefix(private, "PRIVMSG ben :\x02Perú") {
		t.Errorf("in private: %q", private)
	}
	go func() { // whoever reads no more
		for s.in.Scan() {
		}
	}()
	_ = ours.Close() // the adapter sees it at once
	if err := <-ended; err != nil && !strings.Contains(err.Error(), "closed pipe") {
		t.Errorf("the adapter ended: %v", err)
	}
}

func TestIRCLinesAreRead(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]ircMessage{
		":ana!a@b PRIVMSG #foreign :stancebot: peru? :)": {"ana", "PRIVMSG", "#foreign", "stancebot: peru? :)"},
		":irc.example.org 001 stancebot :Welcome\r":      {"irc.example.org", "001", "stancebot", "Welcome"},
		"PING token":              {"", "PING", "token", "token"},
		":x MODE #foreign +o ana": {"x", "MODE", "#foreign", "#foreign"},
		"":                        {},
	} {
		if got := readIRC(line); got != want {
			t.Errorf("%q is read as %+v", line, got)
		}
	}
	if got := wrapIRC(strings.Repeat("語", 300)); len(got) != 3 || slices.ContainsFunc(got, func(s string) bool { return !utf8.ValidString(s) }) {
		t.Errorf("a text without blanks is parted into %q", got)
	}
}
