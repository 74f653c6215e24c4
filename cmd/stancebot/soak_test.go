//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/question"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"

	storeddigest "stancebot/adapters/store/digest"
	storedledger "stancebot/adapters/store/ledger"
)

// The variables by which a soak is told how long it is, and where its report goes.
const (
	soakVariable   = "STANCETEST_SOAK"        // a duration
	reportVariable = "STANCETEST_SOAK_REPORT" // a file
)

// Three processes on one PostgreSQL serve both platforms, while processes are killed and stopped, the database restarts, clocks jump, and
// platforms are slow, refuse, break, and lose what they took. Whatever was taken is answered once, each change reaches each watcher once,
// what came twice says so and is listed, the ledger holds all that was recorded, and the process that lives to the end does not grow.
func TestSoak(t *testing.T) {
	t.Parallel()
	if elsewhere(t) {
		return
	}
	length := 12 * time.Second
	if text := os.Getenv(soakVariable); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	s := newSoak(t, length)
	s.run(t)
	s.settle(t)
	s.audit(t)
	for _, p := range s.processes {
		p.stop(t)
	}
	report := s.report()
	t.Log("\n" + report)
	if file := os.Getenv(reportVariable); file != "" {
		if err := os.WriteFile(file, []byte(report), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// The measures of a soak.
const (
	soakSeed      = 20261129
	soakReplicas  = 3
	soakPeople    = 300
	soakChannels  = 60 // of Slack, in which people ask
	soakWatchers  = 40 // channels of each kind, and half as many groups, that watch Bolivia
	soakRate      = 25 // things that people do a second
	soakRecords   = 60 // entries that a desk records in all, and one a second at the most
	settleLimit   = 2 * time.Minute
	firstWatching = 1000 // the number of the first channel that watches
)

// A soak is a newsstand that much is asked of while much goes wrong.
type soak struct {
	*newsstand
	length    time.Duration
	server    *postgres.Server
	balancer  *balancer
	weather   *weather
	processes []*process // the first lives to the end
	program   string     // that processes are begun from, "" for this one

	// misfortunes has things go wrong at each turn; nil for those that are listed.
	misfortunes func(turn <-chan time.Time)

	watchers []bot.Address
	recorded atomic.Int64 // entries, whose numbers their texts tell
	faults   map[string]int
	diary    []string // of what went wrong, and when
	began    time.Time

	mu   sync.Mutex
	asks []*ask
	did  map[string]*tally // by what people did
	seen []sample
	odd  []string // what was answered otherwise than it should be, the first of it

	ended  []*process // all that there were, for their logs
	reader *question.Reader
	found  *outcome
}

// A tally is what became of one kind of thing that people do.
type tally struct {
	n, refused int
	took       []time.Duration
}

// An ask is a question that the platform delivers until it is taken, so that it is to be answered.
type ask struct {
	platform, place, thread string // the channel, and the thread where it is answered in one; or the chat
	person, text            string
	at                      time.Time
	taken                   bool // at once
}

func newSoak(t *testing.T, length time.Duration) *soak {
	t.Helper()
	return newSoakOf(t, length, "")
}

// newSoakOf begins with processes of a program, "" for this one.
func newSoakOf(t *testing.T, length time.Duration, program string) *soak {
	t.Helper()
	s := &soak{length: length, program: program, reader: bottest.NewDesk(t).Reader, server: postgres.Start(t), weather: newWeather(soakSeed), faults: map[string]int{}, did: map[string]*tally{}}
	haste := 10
	if length >= 5*time.Minute {
		haste = 1
	}
	s.newsstand = &newsstand{url: s.server.Database(t), haste: haste, posted: make(chan struct{}, 1)}
	s.db = storetest.Open(t, s.url)
	s.digests = storeddigest.New(s.db)
	s.slack = slacktest.New(slacktest.Options{
		BotToken: testBot, SigningSecret: testSigning, Scopes: slacktest.AllScopes(),
		Fault: func(c slacktest.Call) *slacktest.Fault {
			s.hear(c.Method == "chat.postMessage")
			return s.weather.inSlack(c.Method)
		},
	})
	t.Cleanup(s.slack.Close)
	s.telegram = telegramtest.New(telegramtest.Options{
		Token: standToken, Fault: func(c telegramtest.Call) *telegramtest.Fault {
			s.hear(c.Method == "sendMessage")
			return s.weather.inTelegram(c.Method)
		},
	})
	t.Cleanup(s.telegram.Close)
	s.balancer = newBalancer(t)
	s.slack.UseHTTP(s.balancer.url)
	s.telegram.UseWebhook(s.balancer.url)
	for i := range soakPeople {
		s.slack.AddUser(slacktest.User{ID: slackPerson(i), Name: fmt.Sprintf("person%d", i)})
		s.telegram.AddUser(telegramtest.User{ID: telegramPerson(i), FirstName: "Person", LanguageCode: "en"})
	}
	s.inSlack(soakChannels, openChannel, false)
	s.watchers = slices.Concat(
		s.inSlack(soakWatchers, func(i int) string { return openChannel(firstWatching + i) }, false),
		s.inSlack(soakWatchers, func(i int) string { return privateChannel(firstWatching + i) }, true),
		s.inTelegram(soakWatchers/2),
	)
	s.subscribe(t, s.watchers, true)
	for range soakReplicas {
		s.processes = append(s.processes, s.begin(t))
	}
	for _, p := range s.processes {
		s.up(t, p)
	}
	return s
}

func slackPerson(i int) string   { return fmt.Sprintf("U%04d", i) }
func telegramPerson(i int) int64 { return 5000 + int64(i) }

// run has people do things while things go wrong, for the length of the soak.
func (s *soak) run(t *testing.T) {
	t.Helper()
	s.began = time.Now()
	ctx, end := context.WithTimeout(t.Context(), s.length)
	defer end()
	var busy sync.WaitGroup
	for i := range 8 {
		busy.Go(func() { s.people(ctx, t, rand.New(rand.NewPCG(soakSeed, uint64(i)))) })
	}
	busy.Go(func() { s.redeliver(ctx) })
	busy.Go(func() { s.records(ctx, t) })
	busy.Go(func() { s.sampling(ctx) })
	if s.misfortunes == nil {
		s.misfortune(ctx, t)
	} else {
		turns := time.NewTicker(s.length / (soakReplicas + 1))
		s.misfortunes(turns.C)
		turns.Stop()
	}
	busy.Wait()
}

// people do one thing after the other.
func (s *soak) people(ctx context.Context, t *testing.T, chance *rand.Rand) {
	t.Helper()
	tick := time.NewTicker(8 * time.Second / soakRate)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		kind := kindsOfActs[chance.IntN(len(kindsOfActs))]
		start := time.Now()
		taken, err := acts[kind](s, context.WithoutCancel(ctx), chance)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		s.tell(kind, taken, time.Since(start))
	}
}

func (s *soak) tell(kind string, taken bool, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.did[kind] == nil {
		s.did[kind] = &tally{}
	}
	d := s.did[kind]
	d.n++
	if !taken {
		d.refused++
		return
	}
	d.took = append(d.took, took)
}

// kindsOfActs are what people do, as often as they stand here.
var kindsOfActs = []string{
	"mention in Slack", "mention in Slack", "mention in Slack", "message in Telegram", "message in Telegram", "message in Telegram", "message in Telegram",
	"command in Slack", "command in Slack", "command in Slack", "page", "API", "direct message in Slack",
}

// acts do one thing and report whether it was taken. What a platform delivers again until it is taken is an ask in any case.
var acts = map[string]func(s *soak, ctx context.Context, chance *rand.Rand) (taken bool, err error){
	"mention in Slack": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		channel := openChannel(chance.IntN(soakChannels))
		question := soakQuestion(chance)
		person := slackPerson(chance.IntN(soakPeople))
		r, err := s.slack.Mention(ctx, person, channel, "<@UBOT> "+question, "")
		s.asked(&ask{platform: onSlack, place: channel, thread: r.TS, person: person, text: question, taken: r.Acked})
		return r.Acked, err
	},
	"direct message in Slack": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		person := slackPerson(chance.IntN(soakPeople))
		channel, err := s.slack.OpenIM(person)
		if err != nil {
			return false, err
		}
		question := soakQuestion(chance)
		r, err := s.slack.DM(ctx, person, question, "")
		s.asked(&ask{platform: onSlack, place: channel, text: question, taken: r.Acked})
		return r.Acked, err
	},
	"message in Telegram": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		person := telegramPerson(chance.IntN(soakPeople))
		question := soakQuestion(chance)
		r, err := s.telegram.Say(ctx, person, telegramtest.In{}, question)
		s.asked(&ask{platform: onTelegram, place: fmt.Sprint(person), text: question, taken: r.Acked})
		return r.Acked, err
	},
	"command in Slack": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		r, err := s.slack.Command(ctx, slacktest.Command{Text: soakQuestion(chance), Channel: openChannel(chance.IntN(soakChannels)), User: slackPerson(chance.IntN(soakPeople))})
		return r.Acked, err
	},
	"page": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		return s.fetch(ctx, "/countries/"+string(soakCountry(chance)))
	},
	"API": func(s *soak, ctx context.Context, chance *rand.Rand) (bool, error) {
		return s.fetch(ctx, "/api/v1/countries/"+string(soakCountry(chance)))
	},
}

func soakCountry(chance *rand.Rand) knowledge.Country {
	members := places.Members()
	return members[chance.IntN(len(members))]
}

// soakForms are questions in six languages, most of them in words, of one country.
var soakForms = []string{
	"where does %s stand?", "votes %s", "stance %s", "why %s", "is %s an ally of russia, yes or no", "shifts %s since 2022", "agreement %s", "measures %s", "safe %s",
	"¿qué postura tiene %s?", "quelle est la position de %s ?", "qual é a posição de %s?", "позиция %s", "%s的立场", "card %s", "timeline %s", "compare %s peru", "history %s",
}

func soakQuestion(chance *rand.Rand) string {
	return strings.ReplaceAll(soakForms[chance.IntN(len(soakForms))], "%s", string(soakCountry(chance)))
}

func (s *soak) asked(a *ask) {
	a.at = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks = append(s.asks, a)
}

// fetch asks for a page, and reports whether it came.
func (s *soak) fetch(ctx context.Context, path string) (bool, error) {
	ctx, end := context.WithTimeout(ctx, 10*time.Second)
	defer end()
	resp, err := get(ctx, s.balancer.url+path)
	if err != nil {
		return false, nil // a process was killed while it answered
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadGateway {
		s.strange(fmt.Sprintf("%s is answered with %d", path, resp.StatusCode))
	}
	return resp.StatusCode == http.StatusOK, nil
}

func (s *soak) strange(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.odd) < 20 {
		s.odd = append(s.odd, what)
	}
}

// redeliver has the platforms deliver again what was not taken, as they do.
func (s *soak) redeliver(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.slack.Redeliver(context.WithoutCancel(ctx))
			s.telegram.Redeliver(context.WithoutCancel(ctx))
		}
	}
}

// records records one thing about Bolivia after the other. What the database does not take is recorded later.
func (s *soak) records(ctx context.Context, t *testing.T) {
	t.Helper()
	tick := time.NewTicker(max(time.Second, s.length/soakRecords))
	defer tick.Stop()
	entries := storedledger.New(s.db)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n := s.recorded.Load() + 1
		draft := ledger.Draft{At: time.Now(), Author: "console:ana", Kind: ledger.EventRecorded, Payload: ledger.Event{
			Country: "BOL", On: 20261120, Kind: "diplomatic_relations", Text: soakText(n), Source: "https://desk.example/page",
		}}
		for try := range 100 {
			_, err := entries.Append(context.WithoutCancel(ctx), knowledge.DefaultDesk, draft)
			if err == nil {
				s.recorded.Add(1)
				break
			}
			if try == 99 {
				t.Errorf("entry %d is not recorded: %v", n, err)
			}
			time.Sleep(100 * time.Millisecond) // while the database restarts
		}
	}
}

// soakText is what an entry of a number says.
func soakText(n int64) string {
	return fmt.Sprintf("The ambassador was summoned for talk number %04d.", n)
}

// settle waits until what was taken is answered, as far as it is going to be.
func (s *soak) settle(t *testing.T) {
	t.Helper()
	s.weather.clear()
	s.clockOf(s.processes, 0)
	for range 4 {
		s.slack.Redeliver(t.Context())
		s.telegram.Redeliver(t.Context())
	}
	end := time.Now().Add(settleLimit)
	for time.Now().Before(end) {
		going := 0
		if err := s.db.SQL().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM inbox_events").Scan(&going); err != nil {
			t.Fatal(err)
		}
		tallies, err := s.digests.Tally(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range tallies {
			if n.State == digest.Waiting || n.State == digest.Trying {
				going += n.N
			}
		}
		if going == 0 && s.untold(t) == 0 && s.unanswered() == 0 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// misfortune has one thing after the other go wrong, each kind as often as any, in an order of chance.
func (s *soak) misfortune(ctx context.Context, t *testing.T) {
	t.Helper()
	chance := rand.New(rand.NewPCG(soakSeed, 99))
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range misfortunes {
			if !yield(name) {
				return
			}
		}
	})
	pause := min(max(s.length/300, 300*time.Millisecond), 8*time.Second)
	for ctx.Err() == nil {
		for _, i := range chance.Perm(len(names)) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause + time.Duration(chance.Int64N(int64(pause)))):
			}
			s.faults[names[i]]++
			s.diary = append(s.diary, fmt.Sprintf("%s %s", time.Since(s.began).Round(time.Millisecond), names[i]))
			misfortunes[names[i]](t, s, chance, pause)
		}
	}
}

// A misfortune goes wrong for a while.
type misfortune func(t *testing.T, s *soak, chance *rand.Rand, pause time.Duration)

// misfortunes are what may go wrong. Each is over when it returns, so that no two meet.
var misfortunes = map[string]misfortune{
	"a process is killed": func(t *testing.T, s *soak, chance *rand.Rand, _ time.Duration) {
		t.Helper()
		s.replace(t, 1+chance.IntN(soakReplicas-1), func(p *process) { p.kill() })
	},
	"a process is stopped and started": func(t *testing.T, s *soak, chance *rand.Rand, _ time.Duration) {
		t.Helper()
		s.replace(t, 1+chance.IntN(soakReplicas-1), func(p *process) { p.stop(t) })
	},
	"PostgreSQL is restarted": func(t *testing.T, s *soak, _ *rand.Rand, pause time.Duration) {
		t.Helper()
		s.restart(t, syscall.SIGINT, pause)
	},
	"PostgreSQL is stopped at once": func(t *testing.T, s *soak, _ *rand.Rand, pause time.Duration) {
		t.Helper()
		s.restart(t, syscall.SIGQUIT, pause)
	},
	"a clock jumps": func(_ *testing.T, s *soak, chance *rand.Rand, pause time.Duration) {
		by := []time.Duration{-90 * time.Second, 90 * time.Second, 10 * time.Minute, -10 * time.Minute, time.Hour}[chance.IntN(5)]
		one := s.processes[chance.IntN(soakReplicas):][:1]
		s.clockOf(one, by)
		time.Sleep(pause)
		s.clockOf(one, 0)
	},
	"platforms are slow":          func(_ *testing.T, s *soak, _ *rand.Rand, pause time.Duration) { s.weather.turns(slow, pause) },
	"platforms ask to wait":       func(_ *testing.T, s *soak, _ *rand.Rand, pause time.Duration) { s.weather.turns(throttled, pause) },
	"platforms break":             func(_ *testing.T, s *soak, _ *rand.Rand, pause time.Duration) { s.weather.turns(broken, pause) },
	"platforms lose their answer": func(_ *testing.T, s *soak, _ *rand.Rand, pause time.Duration) { s.weather.turns(losing, pause) },
	"connections are cut":         func(_ *testing.T, s *soak, _ *rand.Rand, pause time.Duration) { s.weather.turns(cut, pause) },
}

// restart ends the database in a way, and starts it after a while.
func (s *soak) restart(t *testing.T, how syscall.Signal, after time.Duration) {
	t.Helper()
	if err := s.server.Signal(how); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := s.server.Run(); err != nil {
		t.Fatal(err)
	}
}

// replace ends a process in a way, without notice to whoever sends to it, and has another in its place.
func (s *soak) replace(t *testing.T, i int, end func(*process)) {
	t.Helper()
	old := s.processes[i]
	end(old)
	s.balancer.remove(old.listen)
	next := s.begin(t)
	s.up(t, next)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.processes[i] = next
}
