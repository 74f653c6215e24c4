//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	storedtold "stancebot/adapters/store/told"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// However often processes are killed, each thread and chat that was told what a correction corrects gets one note, and each message that
// said it is changed.
func TestCorrectionsFindTheirReaders(t *testing.T) {
	t.Parallel()
	if elsewhere(t) {
		return
	}
	t.Run("sqlite", func(t *testing.T) { corrected(t, storetest.NewFile(t), 1) })
	t.Run("postgres", func(t *testing.T) { corrected(t, postgres.Database(t), 3) })
}

func corrected(t *testing.T, database string, replicas int) {
	t.Helper()
	t.Parallel()
	c := newCorrection(t, database)
	running := make([]*replica, replicas)
	said := func() string { return running[0].log.String() }
	for i := range running {
		running[i] = c.serve(t).serving(t)
	}
	c.approve(t)
	for _, point := range c.points() {
		c.until(t, point, said)
		time.Sleep(time.Duration(c.seed.IntN(20_000)) * time.Microsecond) // any moment will do
		one := c.seed.IntN(replicas)
		running[one].kill()
		running[one] = c.serve(t)
	}
	all := c.delivered(t, 2*len(c.places), 2*time.Minute, said)
	for _, r := range running {
		r.serving(t).stop(t)
	}
	repeats, doubted := c.check(t, all)
	t.Logf("%d places that were told, %d kills: one note each, every message changed; %d came again, %d in doubt", len(c.places), c.kills, repeats, doubted)
}

// A correction is a newsstand where many were told what turns out to be wrong.
type correction struct {
	*newsstand
	places []told.Place // each was told in one message
	before []string     // its id
	kills  int
	seed   *rand.Rand
}

// newCorrection returns one with threads of channels that the app reads, threads of channels that it does not, and groups.
func newCorrection(t *testing.T, database string) *correction {
	t.Helper()
	count := 300
	c := &correction{newsstand: newNewsstand(t, database, 10, slacktest.Limits{}, telegramtest.Limits{}), kills: 6, seed: rand.New(rand.NewPCG(3, 4))}
	if deep {
		count, c.kills = 500, 50
	}
	to := slices.Concat(c.inSlack(count/2, openChannel, false), c.inSlack(count/10, privateChannel, true))
	to = append(to, c.inTelegram(count-len(to))...)
	tellings := make([]told.Told, len(to))
	reply := &told.Reply{
		Language: "en", Intent: knowledge.IntentSource, Command: "source BRA-14", Countries: []knowledge.Country{"BRA"}, Receipts: []string{"BRA-14"}, Text: "BRA-14",
	}
	for i, address := range to {
		id := c.says(t, address)
		place := told.Place(address)
		if address.Platform() == onSlack {
			place += told.Place(":" + id)
		}
		c.places, c.before = append(c.places, place), append(c.before, id)
		tellings[i] = told.Told{Desk: knowledge.DefaultDesk, At: time.Now().Add(-time.Hour), Place: place, Message: id, Reply: reply}
	}
	if err := storedtold.New(c.db).Keep(t.Context(), tellings); err != nil {
		t.Fatal(err)
	}
	c.posts.Store(0)
	return c
}

// says posts what is wrong to a channel or a chat, as the bot, and returns the id of the message.
func (c *correction) says(t *testing.T, to bot.Address) string {
	t.Helper()
	const text = "Lula attended the BRICS summit in Kazan."
	platform, rest, _ := strings.Cut(string(to), ":")
	if platform == onTelegram {
		m := call(t, c.telegram.URL()+"/bot"+standToken+"/sendMessage", url.Values{"chat_id": {rest}, "text": {text}})
		return strconv.FormatInt(m.Result.MessageID, 10)
	}
	_, channel, _ := strings.Cut(rest, ":")
	return call(t, c.slack.APIURL()+"chat.postMessage", url.Values{"token": {testBot}, "channel": {channel}, "text": {text}}).TS
}

// A called is what platforms answer, as far as tests look at it.
type called struct {
	OK     bool   `json:"ok"`
	TS     string `json:"ts"`
	Result struct {
		MessageID int64 `json:"message_id"`
	} `json:"result"`
}

func call(t *testing.T, address string, form url.Values) called {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+form.Get("token"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var m called
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil || !m.OK {
		t.Fatal(m, err)
	}
	return m
}

// approve records a correction that a second person approved.
func (c *correction) approve(t *testing.T) {
	t.Helper()
	k := ledger.Correction{Of: "BRA-14", Country: "BRA", Was: "Lula attended the BRICS summit in Kazan.", Text: "He took part by video.", Source: "https://desk.example/page"}
	payload, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if _, err := storedledger.New(c.db).Append(t.Context(), knowledge.DefaultDesk,
		ledger.Draft{At: now, Author: "console:rita", Kind: ledger.Proposed, Payload: ledger.Proposal{Kind: ledger.Corrected, Payload: payload}},
		ledger.Draft{At: now, Author: "console:rita", Kind: ledger.Corrected, Payload: k},
		ledger.Draft{At: now, Author: "console:ana", Kind: ledger.Approved, Payload: ledger.Approval{Of: 1, Entry: 2}},
	); err != nil {
		t.Fatal(err)
	}
}

// points are the numbers of notes after which a process is killed.
func (c *correction) points() []int64 {
	points := make([]int64, c.kills)
	for i := range points {
		points[i] = 1 + c.seed.Int64N(int64(len(c.places))*9/10)
	}
	slices.Sort(points)
	return points
}

// check holds what each place shows against what it should.
func (c *correction) check(t *testing.T, all []digest.Task) (repeats, doubted int) {
	t.Helper()
	inDoubt := map[bot.Address]bool{}
	for i := range all {
		d := &all[i].Delivery
		if d.State != digest.Sent {
			t.Errorf("%s to %s is %s: %s", d.Name, all[i].Subscription.To, d.State, d.Reason)
		}
		if d.Doubted {
			doubted++
			inDoubt[all[i].Subscription.To] = true
		}
	}
	mark := phrases.In("en").Say("slack.repeated")
	for i, place := range c.places {
		notes, said := c.shown(t, place, c.before[i])
		if !strings.Contains(said, "Corrected ") || !strings.Contains(said, "He took part by video") {
			t.Errorf("%s shows still: %s", place, said)
		}
		if len(notes) == 0 {
			t.Errorf("%s got no note", place)
		}
		if len(notes) > 1 {
			repeats++
			if !inDoubt[bot.Address(place)] {
				t.Errorf("%s got %d notes, and is not listed as in doubt", place, len(notes))
			}
		}
		for _, again := range notes[min(1, len(notes)):] {
			if !strings.Contains(again, mark) || strings.HasPrefix(string(place), "slack:T1:C") {
				t.Errorf("%s got another note: %s", place, again)
			}
		}
	}
	if repeats > doubted {
		t.Errorf("%d notes came again, and %d are in doubt", repeats, doubted)
	}
	if complaints := slices.Concat(c.slack.Complaints(), c.telegram.Complaints()); len(complaints) > 0 {
		t.Errorf("the fakes complain: %q", complaints)
	}
	return repeats, doubted
}

// shown returns the notes that a place got, and what the message says now that was wrong.
func (c *correction) shown(t *testing.T, place told.Place, id string) (notes []string, said string) {
	t.Helper()
	parts := strings.Split(string(place), ":")
	if parts[0] == onSlack {
		for _, m := range c.slack.Messages(parts[2]) {
			switch text := m.Text + string(m.Blocks); {
			case m.TS == id:
				said = text
			case m.ThreadTS != parts[3]:
				t.Errorf("%s got what is not in its thread: %s", place, text)
			default:
				notes = append(notes, text)
			}
		}
		return notes, said
	}
	chat, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.telegram.Sent(chat) {
		if strconv.Itoa(m.ID) == id {
			said = m.Text
			continue
		}
		if fmt.Sprint(m.ReplyTo) != id {
			t.Errorf("%s got what does not reply to what was wrong: %s", place, m.Text)
		}
		notes = append(notes, m.Text)
	}
	return notes, said
}
