//go:build linux

package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
)

// However often processes are killed, each delivery arrives. Where Slack lets the app look, none arrives twice; elsewhere those that do
// say so, and operators find them listed.
func TestKilledProcessesDeliverAll(t *testing.T) {
	t.Parallel()
	if elsewhere(t) {
		return
	}
	t.Run("sqlite", func(t *testing.T) { killed(t, storetest.NewFile(t), 1) })
	t.Run("postgres", func(t *testing.T) { killed(t, postgres.Database(t), 3) })
}

// killed kills one of so many processes again and again while they deliver, and starts another in its place. What was to be sent when one
// was killed is delivered within a minute.
func killed(t *testing.T, url string, replicas int) {
	t.Helper()
	t.Parallel()
	c := newCrash(t, url)
	start := time.Now()
	running := make([]*replica, replicas)
	said := func() string { return running[0].log.String() }
	for i := range running {
		running[i] = c.serve(t)
	}
	for _, point := range c.points() {
		c.until(t, point, said)
		time.Sleep(time.Duration(c.seed.IntN(20_000)) * time.Microsecond) // any moment will do
		one := c.seed.IntN(replicas)
		running[one].kill()
		c.noteOpen(t)
		running[one] = c.serve(t)
	}
	all := c.delivered(t, c.deliveries, 2*time.Minute, said)
	took := time.Since(start)
	for _, r := range running {
		r.serving(t).stop(t)
	}
	repeats, doubted := c.check(t, all)
	moved := c.moved(t, all, time.Minute)
	t.Logf("%d deliveries in %d posts, %d kills: %d came again, %d in doubt; what was open at a kill ended within %s; %s in all",
		len(all), c.posts.Load(), c.kills, repeats, doubted, moved.Round(time.Millisecond), took.Round(time.Millisecond))
}

// A crash is a newsstand whose processes are killed.
type crash struct {
	*newsstand
	deliveries, kills int
	seed              *rand.Rand
	open              map[string]time.Time // the deliveries that were open when a process was killed, and when that was last
}

// newCrash returns a newsstand with something due: a third of it in channels of Slack that the app reads, some in channels that it does
// not, the rest in Telegram.
func newCrash(t *testing.T, url string) *crash {
	t.Helper()
	c := &crash{deliveries: 250, kills: 6, seed: rand.New(rand.NewPCG(1, 2)), open: map[string]time.Time{}}
	if deep {
		c.deliveries, c.kills = 10_000, 200
	}
	c.newsstand = newNewsstand(t, url, 10, slacktest.Limits{}, telegramtest.Limits{})
	to := c.inSlack(c.deliveries/2, openChannel, false)
	to = append(to, c.inSlack(c.deliveries/6, privateChannel, true)...)
	to = append(to, c.inTelegram(c.deliveries-len(to))...)
	c.subscribe(t, to, false)
	c.record(t, 8) // more than a digest's summary holds, so that something stands below it
	return c
}

// points are the numbers of posts after which a process is killed.
func (c *crash) points() []int64 {
	points := make([]int64, c.kills)
	for i := range points {
		points[i] = 1 + c.seed.Int64N(int64(c.deliveries)*14/10) // a digest is two posts, so that half as many more come
	}
	slices.Sort(points)
	return points
}

// noteOpen notes which deliveries are open.
func (c *crash) noteOpen(t *testing.T) {
	t.Helper()
	at := time.Now()
	rows, err := c.db.SQL().QueryContext(t.Context(), "SELECT id FROM digest_deliveries WHERE ended = 0 AND owner <> ''")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		c.open[id] = at
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// moved is the longest that a delivery took to end that was open when a process was killed.
func (c *crash) moved(t *testing.T, all []digest.Task, limit time.Duration) time.Duration {
	t.Helper()
	longest := time.Duration(0)
	for i := range all {
		if at, ok := c.open[all[i].Delivery.ID]; ok {
			longest = max(longest, all[i].Delivery.Done.Sub(at))
		}
	}
	if longest > limit {
		t.Errorf("what was open at a kill ended within %s, not %s", longest, limit)
	}
	return longest
}

// check holds what arrived against what was to.
func (c *crash) check(t *testing.T, all []digest.Task) (repeats, doubted int) {
	t.Helper()
	listed, err := c.digests.Listed(t.Context(), nil, true, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	inDoubt := map[string]bool{}
	for i := range listed {
		inDoubt[listed[i].Delivery.ID] = true
	}
	once := map[string]*digest.Delivery{}
	for i := range all {
		d, to := &all[i].Delivery, string(all[i].Subscription.To)
		if other := once[d.Subscription]; other != nil {
			t.Errorf("%s has two deliveries: %+v and %+v", d.Subscription, other, d)
		}
		once[d.Subscription] = d
		if d.State != digest.Sent {
			t.Errorf("%s to %s is %s: %s", d.ID, to, d.State, d.Reason)
		}
		arrived := c.arrived(t, d, to)
		again := 0
		for part := range d.Parts {
			again = max(again, len(arrived[part])-1)
			c.checkPost(t, d, to, arrived[part], inDoubt[d.ID])
		}
		if again > 0 {
			repeats++
		}
	}
	if repeats > len(listed) {
		t.Errorf("%d arrived again, and %d are listed as in doubt", repeats, len(listed))
	}
	if complaints := slices.Concat(c.slack.Complaints(), c.telegram.Complaints()); len(complaints) > 0 {
		t.Errorf("the fakes complain: %q", complaints)
	}
	return repeats, len(listed)
}

// checkPost checks how often a post arrived.
func (c *crash) checkPost(t *testing.T, d *digest.Delivery, to string, texts []string, inDoubt bool) {
	t.Helper()
	switch {
	case len(texts) == 0:
		t.Errorf("%s to %s is lost", d.ID, to)
	case len(texts) > 1 && strings.HasPrefix(to, "slack:T1:C"):
		t.Errorf("%s to %s arrived %d times, where it could be looked for", d.ID, to, len(texts))
	case len(texts) > 1 && !inDoubt:
		t.Errorf("%s to %s arrived %d times, and is not listed as in doubt", d.ID, to, len(texts))
	}
	mark := phrases.In("en").Say("slack.repeated")
	for _, text := range texts[min(1, len(texts)):] {
		if !strings.Contains(text, mark) {
			t.Errorf("%s to %s arrived again, and does not say so: %s", d.ID, to, text)
		}
	}
}

// arrived are the texts of a delivery's posts that arrived, in order, by its parts. Messages in Telegram bear no id, but each chat has one
// subscription. A picture is none of them: it may get lost, and comes once at the most.
func (c *crash) arrived(t *testing.T, d *digest.Delivery, to string) map[int][]string {
	t.Helper()
	texts, pictures := map[int][]string{}, 0
	defer func() {
		if pictures > 1 {
			t.Errorf("%s to %s came with %d pictures", d.ID, to, pictures)
		}
	}()
	if channel, ok := strings.CutPrefix(to, "slack:T1:"); ok {
		for _, m := range c.slack.Messages(channel) {
			if len(m.Files) > 0 {
				pictures++
				continue
			}
			part, err := strconv.Atoi(strings.TrimPrefix(m.PostID(), d.ID+"/"))
			if err != nil {
				t.Errorf("%s was told what is not its delivery: %s", to, m.PostID())
			}
			texts[part] = append(texts[part], m.Text+string(m.Blocks))
		}
		return texts
	}
	chat, err := strconv.ParseInt(strings.TrimPrefix(to, "telegram:"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.telegram.Sent(chat) {
		if m.Photo != nil {
			pictures++
			continue
		}
		part := 0
		if m.ReplyTo != 0 {
			part = 1
		}
		texts[part] = append(texts[part], m.Text)
	}
	return texts
}
