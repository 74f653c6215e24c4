package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	storeddigest "stancebot/adapters/store/digest"
	storedledger "stancebot/adapters/store/ledger"
	storedspaces "stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/knowledge/ledger"
)

// theirs begins the words of the newsroom that attacks, where both have some.
const theirs = "attmark"

// Digests, alerts and notes of corrections are composed once for all that are due the same, and never for two desks together: two
// newsrooms that subscribe to the same, and whose ledgers are as long, are each told of their own. A group that is given to another desk is
// told of neither what it subscribed to nor what it was told before.
func TestNewsroomsAreToldOfTheirOwnChangesAlone(t *testing.T) {
	if elsewhere(t) {
		return
	}
	s := newSiege(t, storetest.NewFile(t), "victim")
	v, a := s.victim, s.attacker
	s.asLong(a)
	for _, n := range []*newsroom{v, a} {
		for _, text := range []string{"watch bolivia", "digest daily at 9", "digest weekly mon 9:00 bolivia", "watch brazil"} {
			s.slash(n, n.editor(n.next()), text)
			s.update(object{"message": s.tells(n.person(n.next()), n.group, "@stancebot "+text, nil)})
		}
		for _, text := range []string{"stance bolivia", "source BRA-14", "why brazil"} {
			s.event(n, object{"type": "app_mention", "user": n.editor(n.next()), "text": "<@UBOT> " + text}, nil)
			s.update(object{"message": s.tells(n.person(n.next()), n.group, "@stancebot "+text, nil)})
		}
	}
	s.quiet()
	s.forget()
	for _, n := range []*newsroom{v, a} { // the same at the same places of both ledgers
		word := map[*newsroom]string{v: mark, a: theirs}[n]
		s.decided(n, "correct BRA-14 "+word+"new lithium https://"+word+"x.example/page")
		s.decided(n, "record bolivia russia neutral since 2026-11-01 https://"+word+"y.example/page "+word+"label")
	}
	s.due()
	said := s.delivered(14)
	for _, n := range []*newsroom{v, a} {
		own, other := mark, theirs
		if n == a {
			own, other = theirs, mark
		}
		kinds := map[string]bool{}
		for _, p := range said[n.desk] {
			if strings.Contains(p, other) {
				t.Errorf("%s is told of what another newsroom recorded: %s", n.desk, p)
			}
			if strings.Contains(p, own) {
				kinds[strings.SplitN(p, " ", 2)[0]] = true
			}
		}
		for _, platform := range []string{onSlack, onTelegram} {
			if !kinds[platform] {
				t.Errorf("in %s, %s is told nothing of what it recorded: %s", platform, n.desk, said[n.desk])
			}
		}
	}
	s.changesHands()
}

// asLong makes a newsroom's ledger as long as the victim's.
func (s *siege) asLong(n *newsroom) {
	s.Helper()
	head, err := storedledger.New(s.db).Head(s.Context(), s.victim.desk)
	if err != nil {
		s.Fatal(err)
	}
	drafts := make([]ledger.Draft, head.Seq)
	for i := range drafts {
		drafts[i] = ledger.Draft{At: time.Now().Add(-time.Hour), Author: "slack:" + n.team + ":" + n.editor(1), Kind: ledger.EventRecorded, Payload: ledger.Event{
			Country: "CHL", On: 2026_03_01, Kind: "leader", Text: fmt.Sprint(theirs, "event ", i), Source: "https://" + theirs + ".example/page",
		}}
	}
	if _, err := storedledger.New(s.db).Append(s.Context(), n.desk, drafts...); err != nil {
		s.Fatal(err)
	}
	s.reaches(n, head.Seq)
}

// decided has one editor propose, and another one approve.
func (s *siege) decided(n *newsroom, text string) {
	s.Helper()
	had := s.server.program.memory.seq(n.desk)
	s.slash(n, n.editor(1), text)
	s.reaches(n, had+1)
	s.slash(n, n.editor(2), fmt.Sprintf("approve D-%d", had+1))
	s.reaches(n, had+3)
}

// due makes all digests due now.
func (s *siege) due() {
	s.Helper()
	past := time.Now().Add(-time.Minute).UnixMicro()
	if _, err := s.db.SQL().ExecContext(s.Context(), "UPDATE digest_subscriptions SET next_at = $1 WHERE kind = 'digest' AND ended_at = 0", past); err != nil {
		s.Fatal(err)
	}
	s.server.newsboy.planner.Kick()
}

// delivered waits until so many deliveries have ended and none waits, and returns what was posted, by desk.
func (s *siege) delivered(least int) map[any][]string {
	s.Helper()
	digests := storeddigest.New(s.db)
	ended := 0
	within(s.T, 30*time.Second, func() bool {
		tallies, err := digests.Tally(s.Context(), time.Time{})
		if err != nil {
			s.Fatal(err)
		}
		ended = 0
		for _, t := range tallies {
			if t.State == digest.Waiting || t.State == digest.Trying {
				return false
			}
			ended += t.N
		}
		return ended >= least
	}, func() string { return fmt.Sprintf("%d deliveries have ended\n%s", ended, s.log) })
	said := map[any][]string{}
	for _, n := range []*newsroom{s.victim, s.attacker} {
		for _, c := range s.slack.Calls("")[s.slackAt:] {
			if posts(c) && (c.Args["channel"] == n.channel || strings.HasPrefix(c.Args["channel"], n.editor(0)[:4])) {
				said[n.desk] = append(said[n.desk], onSlack+" "+c.Method+" "+spell(c.Args))
			}
		}
		for _, c := range s.telegram.Calls("")[s.chatAt:] {
			if c.Args["chat_id"] == fmt.Sprint(n.group) {
				said[n.desk] = append(said[n.desk], onTelegram+" "+c.Method+" "+spell(c.Args))
			}
		}
	}
	return said
}

func posts(c slacktest.Call) bool { return strings.HasPrefix(c.Method, "chat.") }

// changesHands gives the victim's group to the attacker's desk, after which it is told of the victim no more.
func (s *siege) changesHands() {
	s.Helper()
	v := s.victim
	assigned := storedspaces.New(s.db)
	if err := assigned.Assign(s.Context(), desk.Assignment{Space: desk.Space{Platform: onTelegram, ID: fmt.Sprint(v.group)}, Desk: s.attacker.desk}); err != nil {
		s.Fatal(err)
	}
	if err := s.server.program.memory.spaces.Load(s.Context(), assigned); err != nil {
		s.Fatal(err)
	}
	s.forget()
	s.decided(v, "correct BRA-14 "+mark+"later https://"+mark+"z.example/page")
	s.due()
	said := s.delivered(20)
	for _, p := range said[v.desk] {
		if strings.HasPrefix(p, onTelegram) {
			s.Errorf("a group of another desk is told: %s", p)
		}
	}
	s.update(object{"message": s.tells(v.person(1), v.group, "@stancebot digest list", nil)})
	s.update(object{"message": s.tells(v.person(1), v.group, "@stancebot digest undo", nil)})
	s.update(object{"message": s.tells(v.person(1), v.group, "@stancebot history told bolivia", nil)})
	for _, said := range s.heard() {
		theirs := strings.HasPrefix(said, onTelegram) && strings.Contains(said, "chat_id="+fmt.Sprint(v.group))
		if theirs && (leaks([]string{said}) != nil || strings.Contains(said, `"callback_data":"en:digest stop`)) {
			s.Errorf("a group of another desk is told: %s", said)
		}
	}
}
