//go:build linux

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store"
	storeddigest "stancebot/adapters/store/digest"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// standToken is that of the fake Telegram of a newsstand.
const standToken = "123:TEST-0123456789abcdef0123456789abcd"

var deep = os.Getenv("STANCETEST_DEEP") != ""

// A newsstand is a database with subscriptions, a Slack and a Telegram that count what is posted, and processes that serve them.
type newsstand struct {
	url      string
	haste    int // by what the pace of the processes is divided
	db       *store.DB
	digests  digest.Store
	slack    *slacktest.Server
	telegram *telegramtest.Server
	posts    atomic.Int64  // that came, whatever became of them
	posted   chan struct{} // receives when one has come
}

// newNewsstand returns a newsstand on a new database, with fakes that have limits or none. In Slack's private channels the app may post,
// and not read.
func newNewsstand(t *testing.T, url string, haste int, inSlack slacktest.Limits, inTelegram telegramtest.Limits) *newsstand {
	t.Helper()
	n := &newsstand{url: url, haste: haste, posted: make(chan struct{}, 1)}
	n.db = storetest.Open(t, url)
	n.digests = storeddigest.New(n.db)
	n.slack = slacktest.New(slacktest.Options{
		BotToken: testBot, SigningSecret: testSigning, Limits: inSlack, Scopes: []string{"chat:write", "channels:read", "channels:history", "users:read"},
		Fault: func(c slacktest.Call) *slacktest.Fault { n.hear(c.Method == "chat.postMessage"); return nil },
	})
	t.Cleanup(n.slack.Close)
	n.telegram = telegramtest.New(telegramtest.Options{
		Token: standToken, Limits: inTelegram,
		Fault: func(c telegramtest.Call) *telegramtest.Fault { n.hear(c.Method == "sendMessage"); return nil },
	})
	t.Cleanup(n.telegram.Close)
	return n
}

// hear counts a call that posts.
func (n *newsstand) hear(posts bool) {
	if !posts {
		return
	}
	n.posts.Add(1)
	select {
	case n.posted <- struct{}{}:
	default:
	}
}

// until waits until so many posts have come.
func (n *newsstand) until(t *testing.T, posts int64, said func() string) {
	t.Helper()
	for soon := time.After(time.Minute); n.posts.Load() < posts; {
		select {
		case <-n.posted:
		case <-soon:
			t.Fatalf("%d posts have come, not %d\n%s", n.posts.Load(), posts, said())
		}
	}
}

// The channels of newsstands.
func openChannel(i int) string    { return fmt.Sprintf("C%05d", i) }
func privateChannel(i int) string { return fmt.Sprintf("G%05d", i) } // whose history the app may not read
func group(i int) int64           { return -1001000000000 - int64(i) }

// inSlack adds channels to Slack, and returns their addresses.
func (n *newsstand) inSlack(count int, name func(int) string, private bool) []bot.Address {
	addresses := make([]bot.Address, count)
	for i := range addresses {
		n.slack.AddChannel(slacktest.Channel{ID: name(i), Name: strings.ToLower(name(i)), IsPrivate: private, IsMember: true})
		addresses[i] = bot.Address("slack:T1:" + name(i))
	}
	return addresses
}

// inTelegram adds groups to Telegram, and returns their addresses.
func (n *newsstand) inTelegram(count int) []bot.Address {
	addresses := make([]bot.Address, count)
	for i := range addresses {
		n.telegram.AddChat(telegramtest.Chat{ID: group(i), Type: telegramtest.Supergroup, Title: "desk " + strconv.Itoa(i)})
		addresses[i] = bot.Address("telegram:" + strconv.FormatInt(group(i), 10))
	}
	return addresses
}

// subscribe subscribes each address to one thing: every second one to a digest that is due, the others to a watch, or all to a watch.
func (n *newsstand) subscribe(t *testing.T, to []bot.Address, watchesAlone bool) {
	t.Helper()
	now := time.Now().UTC()
	due := now.Add(-time.Hour).Truncate(time.Minute) // the next is a day later, which no test waits for
	for i, address := range to {
		s := digest.Subscription{
			ID: fmt.Sprintf("%s-%06d", address, i), Desk: knowledge.DefaultDesk, To: address, Kind: digest.Watch, Language: "en", Began: now.Add(-time.Hour),
			About: digest.Filter{Countries: []knowledge.Country{"BOL"}},
		}
		if i%2 == 1 && !watchesAlone {
			s.Kind, s.About, s.Next = digest.Digest, digest.Filter{}, due
			s.Schedule = digest.Schedule{Every: knowledge.Daily, At: knowledge.ClockAt(due.Hour(), due.Minute()), Zone: "UTC"}
		}
		if err := n.digests.Add(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
	}
}

// record records so many events behind each other, the first about Bolivia, through the program's own store.
func (n *newsstand) record(t *testing.T, events int) {
	t.Helper()
	drafts := make([]ledger.Draft, events)
	for i, country := range []knowledge.Country{"BOL", "PER", "COL", "CHL", "ARG", "BRA", "ECU", "URY", "PRY", "VEN"}[:events] {
		drafts[i] = ledger.Draft{At: time.Now(), Author: "console:ana", Kind: ledger.EventRecorded, Payload: ledger.Event{
			Country: country, On: 20261120, Kind: "leader", Text: "A new president took office.", Source: "https://desk.example/page",
		}}
	}
	if _, err := storedledger.New(n.db).Append(t.Context(), knowledge.DefaultDesk, drafts...); err != nil {
		t.Fatal(err)
	}
}

// delivered waits until no delivery waits, and returns all.
func (n *newsstand) delivered(t *testing.T, least int, limit time.Duration, said func() string) []digest.Task {
	t.Helper()
	going := func() int {
		tallies, err := n.digests.Tally(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		ended, waiting := 0, 0
		for _, tally := range tallies {
			if tally.State == digest.Waiting || tally.State == digest.Trying {
				waiting += tally.N
			} else {
				ended += tally.N
			}
		}
		return max(waiting, least-ended)
	}
	within(t, limit, func() bool { return going() <= 0 }, func() string { return fmt.Sprintf("%d deliveries have not ended\n%s", going(), said()) })
	all, err := n.digests.Listed(t.Context(), []digest.State{digest.Sent, digest.Empty, digest.Held, digest.Failed, digest.Dropped}, false, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hasteVariable makes the program that this binary is keep a faster pace.
const hasteVariable = "STANCETEST_HASTE"

// hasten divides the pace of the program by what the variable says.
func hasten() {
	by, err := strconv.Atoi(os.Getenv(hasteVariable))
	if err != nil || by < 1 {
		return
	}
	for platform, pace := range paces {
		paces[platform] = digest.Pace{Lane: pace.Lane / time.Duration(by), Channel: pace.Channel / time.Duration(by), Edit: pace.Edit / time.Duration(by)}
	}
}

func init() {
	beforeMain = func() {
		hasten()
		wrongClock()
	}
}

// A replica is a process that serves a newsstand.
type replica struct {
	cmd   *exec.Cmd
	log   *lines
	ended chan struct{}
}

// serve starts a process with further variables, which is killed at the end of the test if it still runs then.
func (n *newsstand) serve(t *testing.T, variables ...string) *replica {
	t.Helper()
	return n.serveFrom(t, "", variables...)
}

// serveFrom starts a process of a program, "" for this one.
func (n *newsstand) serveFrom(t *testing.T, program string, variables ...string) *replica {
	t.Helper()
	r := &replica{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), cmp.Or(program, os.Args[0])), log: &lines{}, ended: make(chan struct{})} // which is the program by that name
	r.cmd.Args = []string{"stancebot", "serve"}
	r.cmd.Env = append(slices.Concat(os.Environ(), variables), hasteVariable+"="+strconv.Itoa(n.haste), "STANCEBOT_DATABASE_URL="+n.url, "STANCEBOT_ADMIN_ADDR=127.0.0.1:0",
		"STANCEBOT_LISTEN_ADDR=127.0.0.1:0", "STANCEBOT_SLACK_BOT_TOKEN="+testBot, "STANCEBOT_SLACK_SIGNING_SECRET="+testSigning,
		"STANCEBOT_SLACK_API_URL="+n.slack.APIURL(), "STANCEBOT_TELEGRAM_TOKEN="+standToken, "STANCEBOT_TELEGRAM_API_URL="+n.telegram.URL(),
		"STANCEBOT_TELEGRAM_WEBHOOK_URL=https://stancebot.example.org/telegram/webhook", "STANCEBOT_TELEGRAM_WEBHOOK_SECRET="+testSigning)
	r.cmd.Stdout, r.cmd.Stderr = r.log, r.log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = r.cmd.Wait(); close(r.ended) }()
	t.Cleanup(r.kill)
	return r
}

// serving waits until it serves.
func (r *replica) serving(t *testing.T) *replica {
	t.Helper()
	eventually(t, func() bool { return strings.Contains(r.log.String(), "msg=serving") }, r.log.String)
	return r
}

// kill kills it as nothing can be prevented from killing it.
func (r *replica) kill() {
	_ = r.cmd.Process.Kill() // or it has ended
	<-r.ended
}

// stop ends it in order.
func (r *replica) stop(t *testing.T) {
	t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	<-r.ended
	if code := r.cmd.ProcessState.ExitCode(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, r.log)
	}
}

// resident is how much memory it has, in megabytes.
func (r *replica) resident(t *testing.T) float64 {
	t.Helper()
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", r.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	if err != nil {
		t.Fatal(err)
	}
	return float64(pages*os.Getpagesize()) / 1e6
}

// computed is how long it has computed, in all its threads.
func (r *replica) computed(t *testing.T) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third, its state, on
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // Linux tells it in hundredths
}
