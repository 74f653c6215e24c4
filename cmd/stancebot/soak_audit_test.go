//go:build linux

package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"

	storedledger "stancebot/adapters/store/ledger"
)

// outcome is what an audit found, for the report.
type outcome struct {
	answered, answeredAgain, lost, whispers      int
	alerts, alertsAgain, inDoubt, untold, failed int
	entries                                      int64
	alertTook                                    []time.Duration
	hasty                                        int
	logged                                       map[string]int
}

var (
	pictureCode   = regexp.MustCompile(`\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}`) // at the foot of one, and beside it
	loggedLevel   = regexp.MustCompile(` level=(\S+) `)
	loggedMessage = regexp.MustCompile(` msg=("[^"]*"|\S+)`)
)

// A spot is where asks are answered: a thread of its own, or a chat, in which nothing says what it answers, so that answers are counted.
type spot struct{ platform, place, thread string }

// A reckoning is what came of the asks of a spot.
type reckoning struct {
	asks  []*ask
	first int // answers, but for those that came again and say so
	again int // answers that say that they may have come before, where the one before is there
	said  []saying
}

// reckon holds what was said in each spot against what was asked there.
func (s *soak) reckon() map[spot]*reckoning {
	spots := map[spot]*reckoning{}
	s.mu.Lock()
	for _, a := range s.asks {
		at := spot{a.platform, a.place, a.thread}
		if spots[at] == nil {
			spots[at] = &reckoning{}
		}
		spots[at].asks = append(spots[at].asks, a)
	}
	s.mu.Unlock()
	said := map[spot][]saying{}
	read, people := map[spot]bool{}, map[spot][]string{}
	for at, r := range spots {
		people[spot{at.platform, at.place, ""}] = append(people[spot{at.platform, at.place, ""}], r.asks[0].person)
	}
	for at := range spots {
		if channel := (spot{at.platform, at.place, ""}); !read[channel] {
			read[channel] = true
			for _, one := range s.saidIn(at.platform, at.place, slices.Compact(slices.Sorted(slices.Values(people[channel])))) {
				in := spot{at.platform, at.place, one.thread}
				if spots[in] == nil { // a chat, whose answers may be replies
					in.thread = ""
				}
				said[in] = append(said[in], one)
			}
		}
	}
	for at, r := range spots {
		r.said = said[at]
		unmarked, marked := 0, 0
		for _, one := range r.said {
			if repeats(one.text) {
				marked++
			} else {
				unmarked++
			}
		}
		r.first = unmarked // of those that say that they may be a repetition, as many had not come before as are missing
		if n := len(r.asks); unmarked < n {
			r.first = min(n, unmarked+marked)
		}
		r.again = unmarked + marked - r.first
	}
	return spots
}

// repeats reports whether a text says that it may be a repetition.
func repeats(text string) bool {
	return slices.ContainsFunc(phrases.Languages(), func(language string) bool {
		return strings.Contains(text, phrases.In(language).Say("slack.repeated")) || strings.Contains(text, phrases.In(language).Say("telegram.repeated"))
	})
}

// unanswered is how many asks have no answer.
func (s *soak) unanswered() int {
	n := 0
	for _, r := range s.reckon() {
		n += max(0, len(r.asks)-r.first)
	}
	return n
}

// A saying is one message of ours: pictures and files, which may get lost, are none.
type saying struct{ thread, text, id string }

func (s *soak) saidIn(platform, place string, people []string) []saying {
	var said []saying
	if platform == onSlack {
		all := s.slack.Messages(place)
		for _, person := range people { // who asked in the channel, and may have been answered alone
			if person == "" {
				continue
			}
			all = append(all, s.slack.Ephemerals(place, person)...)
		}
		for _, m := range all {
			if m.Via != "person" && m.Via != "answer" && m.Via != "response_url" && len(m.Files) == 0 && !isUnsent(m.Text) && !pictureCode.MatchString(m.Text) {
				said = append(said, saying{m.ThreadTS, m.Text + string(m.Blocks), m.TS + " " + m.PostID()})
			}
		}
		return said
	}
	chat, err := strconv.ParseInt(place, 10, 64)
	if err != nil {
		return nil
	}
	for _, m := range s.telegram.Sent(chat) {
		if m.Photo == nil && m.Document == nil && !isUnsent(m.Text) {
			said = append(said, saying{"", m.Text, strconv.Itoa(m.ID)})
		}
	}
	return said
}

// isUnsent reports whether a message tells that a picture could not be sent.
func isUnsent(text string) bool {
	return slices.ContainsFunc(phrases.Languages(), func(language string) bool {
		return strings.Contains(text, phrases.In(language).Say("export.unsent"))
	})
}

// toldOf returns which entries each watcher was told of, and how often, by the numbers that texts tell.
func (s *soak) toldOf(to string) map[int64]int {
	told := map[int64]int{}
	count := func(text string) {
		for n := int64(1); n <= s.recorded.Load(); n++ {
			if strings.Contains(text, soakText(n)) {
				told[n]++
			}
		}
	}
	if channel, ok := strings.CutPrefix(to, "slack:T1:"); ok {
		for _, m := range s.slack.Messages(channel) {
			count(m.Text + string(m.Blocks))
		}
		return told
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(to, "telegram:"), 10, 64); err == nil {
		for _, m := range s.telegram.Sent(id) {
			count(m.Text)
		}
	}
	return told
}

// untold is how many entries watchers were not told of.
func (s *soak) untold(t *testing.T) int {
	t.Helper()
	n := 0
	for _, to := range s.watchers {
		n += int(s.recorded.Load()) - len(s.toldOf(string(to)))
	}
	return n
}

// audit holds what was answered, told and recorded against what was asked and recorded.
func (s *soak) audit(t *testing.T) {
	t.Helper()
	t.Logf("what went wrong:\n%s", strings.Join(s.diary, "\n"))
	s.found = &outcome{entries: s.recorded.Load(), logged: map[string]int{}}
	s.auditAnswers(t)
	s.auditAlerts(t)
	s.auditLedger(t)
	s.auditGrowth(t)
	for _, c := range slices.Concat(s.slack.Complaints(), s.telegram.Complaints()) {
		if strings.Contains(c, "before its Retry-After had passed") || strings.Contains(c, "before its retry_after had passed") {
			s.found.hasty++ // another process was asked to wait, which this one does not know
			continue
		}
		t.Errorf("a platform complains: %s", c)
	}
	for _, what := range s.odd {
		t.Error(what)
	}
	s.auditLogs(t)
}

func (s *soak) auditAnswers(t *testing.T) {
	t.Helper()
	for at, r := range s.reckon() {
		n := len(r.asks)
		s.found.answered += min(n, r.first)
		s.found.answeredAgain += r.again
		if r.first == 0 && n == 1 && s.reader.Read(r.asks[0].text, bottest.Today).Query.Misread != nil {
			s.found.whispers++ // it was not understood, which is told to the asker alone, once: they ask again when they miss it
			continue
		}
		if r.first == n {
			continue
		}
		s.found.lost += max(0, n-r.first)
		t.Errorf("%v: %d asks have %d answers", at, n, r.first)
		for _, a := range r.asks {
			t.Logf("  %s after the start, taken at once: %t, %q", a.at.Sub(s.began).Round(time.Millisecond), a.taken, a.text)
		}
		for _, one := range r.said {
			t.Logf("    %s %.100q", one.id, one.text)
		}
	}
}

func (s *soak) auditAlerts(t *testing.T) {
	t.Helper()
	listed, err := s.digests.Listed(t.Context(), nil, true, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	s.found.inDoubt = len(listed)
	inDoubt := map[string]int{}
	for i := range listed {
		inDoubt[string(listed[i].Subscription.To)]++
	}
	all, err := s.digests.Listed(t.Context(), []digest.State{digest.Sent, digest.Empty, digest.Held, digest.Failed, digest.Dropped}, false, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		d := &all[i].Delivery
		switch d.State {
		case digest.Sent:
			s.found.alerts++
			s.found.alertTook = append(s.found.alertTook, d.Done.Sub(d.Due))
		case digest.Empty:
		default:
			s.found.failed++
			t.Errorf("%s to %s is %s: %s", d.ID, all[i].Subscription.To, d.State, d.Reason)
		}
	}
	for _, to := range s.watchers {
		told := s.toldOf(string(to))
		again := 0
		for n := int64(1); n <= s.recorded.Load(); n++ {
			if told[n] == 0 {
				s.found.untold++
				t.Errorf("%s was not told of entry %d", to, n)
			}
			again += max(0, told[n]-1)
		}
		s.found.alertsAgain += again
		if again > 0 && inDoubt[string(to)] == 0 {
			t.Errorf("%s was told %d entries again, and none of it is listed as in doubt", to, again)
		}
		if again > 0 && strings.HasPrefix(string(to), "slack:T1:C") {
			t.Errorf("%s was told %d entries again, where it could be looked for", to, again)
		}
	}
}

// auditLedger verifies the chain, and that it holds what was recorded.
func (s *soak) auditLedger(t *testing.T) {
	t.Helper()
	entries := storedledger.New(s.db)
	head, err := ledger.Audit(t.Context(), entries, knowledge.DefaultDesk)
	if err != nil {
		t.Errorf("the ledger does not hold: %v", err)
	}
	if head.Seq < s.recorded.Load() {
		t.Errorf("the ledger has %d entries, and %d were recorded", head.Seq, s.recorded.Load())
	}
}

// growthFrom is how much of a soak is left out before growth is measured: what is kept of answers fills in it.
const growthFrom = 0.25

// auditGrowth holds the last third of what is left of the soak against the first.
func (s *soak) auditGrowth(t *testing.T) {
	t.Helper()
	if s.length < 5*time.Minute {
		return // which says nothing
	}
	first, last := s.growth()
	if last.resident > first.resident*1.15+10 || last.goroutines > first.goroutines+20 || last.descriptors > first.descriptors+20 || last.heap > first.heap*1.25+10 {
		t.Errorf("the process grows: from %+v to %+v", first, last)
	}
}

// growth are the medians of the first and the last third after the beginning.
func (s *soak) growth() (first, last sample) {
	from := slices.IndexFunc(s.seen, func(one sample) bool { return one.at > time.Duration(growthFrom*float64(s.length)) })
	if from < 0 {
		return first, last
	}
	rest := s.seen[from:]
	third := max(1, len(rest)/3)
	return middle(rest[:third]), middle(rest[len(rest)-third:])
}

// middle are the medians of samples.
func middle(of []sample) sample {
	by := func(value func(sample) float64) float64 {
		values := make([]float64, len(of))
		for i, one := range of {
			values[i] = value(one)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return sample{
		at: of[len(of)/2].at, resident: by(func(one sample) float64 { return one.resident }), heap: by(func(one sample) float64 { return one.heap }),
		goroutines:  int(by(func(one sample) float64 { return float64(one.goroutines) })),
		descriptors: int(by(func(one sample) float64 { return float64(one.descriptors) })),
	}
}

// auditLogs counts what processes complained of, by its words, and finds no secret and no question in them.
func (s *soak) auditLogs(t *testing.T) {
	t.Helper()
	for _, p := range s.ended {
		text := p.log.String()
		for _, secret := range []string{testBot, testSigning, standToken, postgres.Password, "qué postura"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in a log", secret)
			}
		}
		for line := range strings.Lines(text) {
			level, message := loggedLevel.FindStringSubmatch(line), loggedMessage.FindStringSubmatch(line)
			if level != nil && message != nil && level[1] != "INFO" && level[1] != "DEBUG" {
				s.found.logged[level[1]+" "+strings.Trim(message[1], `"`)]++
			}
			if strings.Contains(line, "panic") || strings.Contains(line, "DATA RACE") {
				t.Errorf("a process said: %s", line)
			}
		}
	}
}

// report is what came of a soak, for people.
func (s *soak) report() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("| of a soak of %s | |\n| --- | --- |", s.length)
	say("| on | %s, %s/%s, %d cores, on %s |", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), s.began.UTC().Format("2 January 2006"))
	say("| seed | %d |", soakSeed)
	for _, kind := range slices.Sorted(maps.Keys(s.did)) {
		d := s.did[kind]
		slices.Sort(d.took)
		say("| %s | %d, of which %d were not taken at once; p50 %s, p99 %s |", kind, d.n, d.refused, quantile(d.took, .5), quantile(d.took, .99))
	}
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(s.faults)) {
		total += s.faults[kind]
		say("| %s | %d times |", kind, s.faults[kind])
	}
	f := s.found
	say("| questions that were to be answered | %d |", len(s.asks))
	say("| answered | %d, lost %d, again and marked so %d; told that they were not understood, and may have missed it, %d |", f.answered, f.lost, f.answeredAgain, f.whispers)
	say("| entries recorded | %d, the chain holds |", f.entries)
	slices.Sort(f.alertTook)
	say("| alerts to %d watchers | %d sent, untold %d, failed %d, told again %d, listed as in doubt %d |", len(s.watchers), f.alerts, f.untold, f.failed, f.alertsAgain, f.inDoubt)
	say("| from due to sent | p50 %s, p99 %s, longest %s |", quantile(f.alertTook, .5), quantile(f.alertTook, .99), quantile(f.alertTook, 1))
	first, last := s.growth()
	say("| the process that lived to the end, at %s and at %s | resident %.0f and %.0f MB, heap %.0f and %.0f MB, goroutines %d and %d, descriptors %d and %d |",
		first.at.Round(time.Second), last.at.Round(time.Second), first.resident, last.resident, first.heap, last.heap, first.goroutines, last.goroutines, first.descriptors, last.descriptors)
	for _, what := range slices.SortedFunc(maps.Keys(f.logged), func(a, b string) int { return cmp.Or(f.logged[b]-f.logged[a], cmp.Compare(a, b)) }) {
		say("| logged %d times | %s |", f.logged[what], what)
	}
	say("| calls while another process was asked to wait | %d |", f.hasty)
	return b.String()
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	d := sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}
