package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store"
	storedinstalls "stancebot/adapters/store/installs"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/seal"
	storedspaces "stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/installs"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/raced"
)

// mark begins the words that stand in all that the one newsroom recorded, told and asked, and in nothing else.
const mark = "vicmark"

// marked are those words, and a label that it alone gives.
var marked = regexp.MustCompile(mark + `[a-z]*|ally \(the desk`)

// A newsroom is one of the two in an installation: a workspace of Slack and a group of Telegram that belong to its desk.
type newsroom struct {
	desk          knowledge.DeskID
	team, channel string
	group         int64
	editor        func(i int) string // in Slack, of whom there are many: each may ask so much a minute
	person        func(i int) int64  // in Telegram
	asked         int                // by all
}

// editorsOfEach is how many people a newsroom has, all of whom are editors.
const editorsOfEach = 1000

func newNewsroom(id knowledge.DeskID, letter string, n int64) *newsroom {
	return &newsroom{
		desk: id, team: "T" + letter, channel: "C" + letter, group: -1001000000000 - n,
		editor: func(i int) string { return fmt.Sprintf("U%s%d", letter, i%editorsOfEach) },
		person: func(i int) int64 { return n*10_000 + int64(i%editorsOfEach) },
	}
}

// next is the number of the person who tries next, so that nobody asks more than one person may.
func (n *newsroom) next() int {
	n.asked++
	return n.asked / 4
}

// A siege is one program that serves two newsrooms, of which the one tries to see and to change what is the other's.
type siege struct {
	*testing.T
	victim, attacker *newsroom
	server           *server
	log              *lines
	listen           string
	slack            *slacktest.Server
	telegram         *telegramtest.Server
	db               *store.DB
	sink             *httptest.Server // of response URLs
	serial           int

	mu       sync.Mutex
	answered []string // what was said to whoever asked, other than by a call
	slackAt  int      // calls before, which are not looked at
	chatAt   int
	filesAt  int
}

// newSiege starts the program as serve does, on a database in which the newsrooms have their desks, and the victim its records; variables
// take the place of what is set otherwise.
func newSiege(t *testing.T, database string, victim knowledge.DeskID, variables ...string) *siege {
	t.Helper()
	s := &siege{T: t, victim: newNewsroom(victim, "VIC", 1), attacker: newNewsroom("attacker", "ATT", 2), log: &lines{}}
	s.slack = slacktest.New(slacktest.Options{BotToken: testBot, SigningSecret: testSigning, TeamID: s.victim.team})
	t.Cleanup(s.slack.Close)
	s.telegram = telegramtest.New(telegramtest.Options{Token: standToken})
	t.Cleanup(s.telegram.Close)
	s.sink = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.hears(string(body))
		_, _ = io.WriteString(w, "ok")
	}))
	t.Cleanup(s.sink.Close)
	var editors []string
	for _, n := range []*newsroom{s.victim, s.attacker} {
		s.slack.AddChannel(slacktest.Channel{ID: n.channel, Name: strings.ToLower(n.channel), IsMember: true})
		s.telegram.AddChat(telegramtest.Chat{ID: n.group, Type: telegramtest.Supergroup, Title: n.team})
		name := ""
		if n == s.victim {
			name = mark + "name "
		}
		for i := range editorsOfEach {
			s.slack.AddUser(slacktest.User{ID: n.editor(i), Name: name + n.editor(i)})
			s.telegram.AddUser(telegramtest.User{ID: n.person(i), FirstName: name + fmt.Sprint(n.person(i))})
			editors = append(editors, "slack:"+n.team+":"+n.editor(i))
		}
	}
	quick(t)
	s.db = storetest.Open(t, database)
	s.assign()
	s.installs()
	s.records()
	set(t, map[string]string{
		"ADMIN_ADDR": "127.0.0.1:0", "LISTEN_ADDR": "127.0.0.1:0", "DATABASE_URL": database, "TODAY": "2026-11-23", "QUOTAS": "questions=none,waiting=none,told=none",
		"SLACK_API_URL": s.slack.APIURL(), "SLACK_BOT_TOKEN": testBot, "SLACK_SIGNING_SECRET": testSigning, "TELEGRAM_TOKEN": standToken,
		"TELEGRAM_API_URL": s.telegram.URL(), "TELEGRAM_WEBHOOK_URL": "https://stancebot.example.org/telegram/webhook",
		"TELEGRAM_WEBHOOK_SECRET": testSigning, "EDITORS": strings.Join(editors, ","), "PUBLIC_URL": "https://stancebot.example.org",
		"EDITOR_NAMES": "slack:" + s.victim.team + ":" + s.victim.editor(1) + "=" + mark + "editor", "WEB_ACCESS": "public", "WEB_TOKEN": "0123456789abcdef",
		"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hunter2-hunter2", "ENCRYPTION_KEY": testKey,
		"DESK_CHANNEL": "slack:" + s.victim.team + ":" + s.victim.channel,
	})
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv("STANCEBOT_"+name, value)
	}
	s.serve()
	return s
}

// assign gives the newsrooms' workspaces, groups and people to their desks.
func (s *siege) assign() {
	s.Helper()
	assigned := storedspaces.New(s.db)
	for _, n := range []*newsroom{s.victim, s.attacker} {
		if n.desk == knowledge.DefaultDesk {
			continue // what is assigned to none is its
		}
		for _, space := range []desk.Space{{Platform: onSlack, ID: n.team}, {Platform: onTelegram, ID: fmt.Sprint(n.group)}} {
			if err := assigned.Assign(s.Context(), desk.Assignment{Space: space, Desk: n.desk}); err != nil {
				s.Fatal(err)
			}
		}
		people := make([]string, editorsOfEach)
		for i := range people {
			people[i] = fmt.Sprintf("('%s', '%d', '%s')", onTelegram, n.person(i), n.desk)
		}
		if _, err := s.db.SQL().ExecContext(s.Context(), "INSERT INTO desk_spaces (platform, space, desk) VALUES "+strings.Join(people, ", ")); err != nil {
			s.Fatal(err)
		}
	}
}

// installs installs the app in the attacker's workspace, beside the operator's own, whose token it is started with.
func (s *siege) installs() {
	s.Helper()
	keys, err := seal.Parse(testKey)
	if err != nil {
		s.Fatal(err)
	}
	in := &installs.Install{Workspace: installs.Workspace{Team: s.attacker.team}, Tokens: installs.Tokens{Access: testBot}, BotUser: "UBOT", At: time.Now().Add(-time.Hour)}
	if err := storedinstalls.New(s.db, keys).Put(s.Context(), in); err != nil {
		s.Fatal(err)
	}
}

// words is a text of the victim's, with a word of its own: what it records is found by the words behind that.
func words(word string) string { return mark + word + " lithium fishery treaty" }

func site(word string) string { return "https://" + mark + word + ".example/page" }

// records records one entry of each kind that tells something, in the victim's ledger.
func (s *siege) records() {
	s.Helper()
	at := time.Now().Add(-time.Hour)
	author := "slack:" + s.victim.team + ":" + s.victim.editor(1)
	drafts := []ledger.Draft{
		{Kind: ledger.AssessmentRecorded, Reason: words("reason"), Payload: ledger.Assessment{Country: "BOL", Axis: "russia", Label: "ally", Since: 2026_01_01, Source: site("a"), Note: words("assessment")}},
		{Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{Country: "PER", Axis: "washington", Label: "distancing", Since: 2026_02_01, Source: site("b")}},
		{Kind: ledger.EventRecorded, Payload: ledger.Event{Country: "BOL", On: 2026_03_01, Kind: "leader", Text: words("event"), Source: site("c")}},
		{Kind: ledger.MembershipRecorded, Payload: ledger.Membership{Country: "BOL", Group: "brics", Standing: "observer", From: 2026_04_01, Source: site("d"), Note: words("membership")}},
		{Kind: ledger.MeasureRecorded, Payload: ledger.Measure{Country: "BOL", Measure: "sanctions", From: 2026_05_01, Source: site("e"), Note: words("measure")}},
		{Kind: ledger.VoteRecorded, Payload: ledger.Vote{RollCall: "ES-11/3", Country: "BOL", Position: "yes", Source: site("f"), Note: words("vote")}},
		{Kind: ledger.Corrected, Payload: ledger.Correction{Of: "BRA-14", Country: "BRA", Was: "as it was", Text: words("correction"), Source: site("g")}},
	}
	for i := range drafts {
		drafts[i].At, drafts[i].Author = at.Add(time.Duration(i)*time.Second), author
	}
	if _, err := storedledger.New(s.db).Append(s.Context(), s.victim.desk, drafts...); err != nil {
		s.Fatal(err)
	}
}

// serve runs the program until the end of the test.
func (s *siege) serve() {
	s.Helper()
	cfg, err := readConfig()
	if err != nil {
		s.Fatal(err)
	}
	ctx, end := context.WithCancel(s.Context())
	env := &environment{ctx: ctx, stdout: io.Discard, stderr: s.log, config: cfg, log: newLog(s.log, slog.LevelInfo, logText), now: time.Now}
	if s.server, err = env.newServer(); err != nil {
		s.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.server.run(ctx, &env.config) }()
	s.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			s.Error(err)
		}
		if err := s.server.program.Close(); err != nil {
			s.Error(err)
		}
	})
	s.Cleanup(func() {
		if strings.Contains(s.log.String(), `msg="no answer"`) {
			s.Errorf("somebody was told that it went wrong on our side:\n%s", s.log)
		}
	})
	listens := regexp.MustCompile(`msg=serving .* listen=(\S+)`)
	eventually(s.T, func() bool { return listens.MatchString(s.log.String()) }, s.log.String)
	s.listen = "http://" + listens.FindStringSubmatch(s.log.String())[1]
	s.slack.UseHTTP(s.listen)
	s.telegram.UseWebhook(s.listen)
	eventually(s.T, func() bool { w, set := s.telegram.Webhook(); return set && w.URL != "" }, s.log.String)
	for _, n := range []*newsroom{s.victim, s.attacker} { // once Slack has told whose the token is
		eventually(s.T, func() bool {
			return s.server.program.memory.deskOf(bot.Address("slack:"+n.team+":"+n.channel)) == n.desk
		}, s.log.String)
	}
}

// quick has the platforms posted to without the pauses that they ask for.
func quick(t *testing.T) {
	t.Helper()
	usual := maps.Clone(paces)
	for platform := range paces {
		paces[platform] = digest.Pace{Lane: time.Millisecond, Channel: time.Millisecond, Edit: time.Millisecond}
	}
	t.Cleanup(func() { maps.Copy(paces, usual) })
}

// hears keeps what somebody was told.
func (s *siege) hears(said string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = append(s.answered, said)
}

// quiet waits until all that came was worked, and what was told is kept.
func (s *siege) quiet() {
	s.Helper()
	within(s.T, 2*time.Minute, func() bool {
		for _, p := range s.server.platforms {
			counted, _ := p.adapter.(interface{ Stats() inbox.Stats })
			if st := counted.Stats(); st.Waiting > 0 || st.Received != st.Done+st.GivenUp {
				return false
			}
		}
		return true
	}, s.log.String)
	if err := s.server.program.memory.keepTold(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// forget has what was said so far not looked at.
func (s *siege) forget() {
	s.quiet()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered, s.slackAt, s.chatAt, s.filesAt = nil, len(s.slack.Calls("")), len(s.telegram.Calls("")), len(s.slack.Files())
}

// heard is all that was said since, to whomever: a line each.
func (s *siege) heard() []string {
	s.quiet()
	s.mu.Lock()
	said := slices.Clone(s.answered)
	s.mu.Unlock()
	for _, c := range s.slack.Calls("")[s.slackAt:] {
		said = append(said, "slack "+c.Method+" "+spell(c.Args))
	}
	for _, c := range s.telegram.Calls("")[s.chatAt:] {
		line := "telegram " + c.Method + " " + spell(c.Args)
		for _, f := range c.Files {
			line += " file " + f.Name + " " + string(f.Content)
		}
		said = append(said, line)
	}
	for _, f := range s.slack.Files()[s.filesAt:] {
		said = append(said, fmt.Sprintf("slack file %s %s %s in %s: %s", f.Name, f.Title, f.AltText, f.Channels, f.Content))
	}
	return said
}

// spell writes the arguments of a call.
func spell[M ~map[string]string](args M) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(args)) {
		fmt.Fprintf(&b, "%s=%s ", name, args[name])
	}
	return b.String()
}

// leaks are the lines that hold a word of the victim's.
func leaks(said []string) []string {
	var found []string
	for _, line := range said {
		line = strings.ToLower(line)
		if !strings.Contains(line, mark) && !strings.Contains(line, "(the desk") {
			continue
		}
		if words := marked.FindAllString(line, -1); words != nil {
			found = append(found, fmt.Sprintf("%s in %.600s", slices.Compact(words), line))
		}
	}
	return found
}

// shown are the words of the victim's that were said.
func shown(said []string) []string {
	words := map[string]bool{}
	for _, line := range said {
		for _, w := range marked.FindAllString(strings.ToLower(line), -1) {
			words[w] = true
		}
	}
	return slices.Sorted(maps.Keys(words))
}

// An object is one of JSON.
type object = map[string]any

func (s *siege) nextSerial() int { s.serial++; return s.serial }

// raw posts to the program what Slack signed.
func (s *siege) raw(r slacktest.Raw) {
	s.Helper()
	receipt, err := s.slack.Raw(s.Context(), r)
	if err != nil {
		s.Fatal(err)
	}
	s.hears(string(receipt.Body))
}

// slash enters a slash command, and returns what it is answered. Fields take the place of those that Slack sends.
func (s *siege) slash(n *newsroom, user, text string, fields ...string) string {
	s.Helper()
	form := url.Values{
		"team_id": {n.team}, "user_id": {user}, "channel_id": {n.channel}, "channel_name": {"world"}, "text": {text}, "command": {"/stance"},
		"trigger_id": {fmt.Sprint("trigger", s.nextSerial())}, "response_url": {s.sink.URL},
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r, err := s.slack.Raw(s.Context(), slacktest.Raw{Path: "/slack/commands", Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded"})
	if err != nil {
		s.Fatal(err)
	}
	s.hears(string(r.Body))
	return string(r.Body)
}

// event sends an event of a workspace. What outer holds takes the place of what Slack tells around it.
func (s *siege) event(n *newsroom, inner object, outer object) {
	s.Helper()
	number := s.nextSerial()
	defaults := object{"channel": n.channel, "ts": fmt.Sprintf("1700000000.%06d", number), "team": n.team}
	for name, value := range defaults {
		if _, set := inner[name]; !set {
			inner[name] = value
		}
	}
	e := object{
		"type": "event_callback", "team_id": n.team, "api_app_id": "A1", "event_id": fmt.Sprint("Ev", number), "event": inner,
		"authorizations": []object{{"team_id": n.team, "user_id": "UBOT", "is_bot": true}},
	}
	maps.Copy(e, outer)
	s.raw(slacktest.Raw{Body: encode(s.T, e)})
}

// interact sends what somebody pressed, chose or sent.
func (s *siege) interact(n *newsroom, user string, fields object) {
	s.Helper()
	p := object{
		"team": object{"id": n.team}, "user": object{"id": user, "team_id": n.team}, "channel": object{"id": n.channel},
		"trigger_id": fmt.Sprint("trigger", s.nextSerial()), "response_url": s.sink.URL,
	}
	maps.Copy(p, fields)
	form := url.Values{"payload": {string(encode(s.T, p))}}
	s.raw(slacktest.Raw{Path: "/slack/interactions", Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded"})
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// update sends an update of Telegram.
func (s *siege) update(u object) {
	s.Helper()
	if _, err := s.telegram.Raw(s.Context(), encode(s.T, u)); err != nil {
		s.Fatal(err)
	}
}

// tells is a message of a person of Telegram in a chat.
func (s *siege) tells(user, chat int64, text string, fields object) object {
	kind := "supergroup"
	if chat > 0 {
		kind = "private"
	}
	m := object{
		"message_id": 100_000 + s.nextSerial(), "date": time.Now().Unix(), "text": text, "chat": object{"id": chat, "type": kind},
		"from": object{"id": user, "first_name": "Eve"},
	}
	maps.Copy(m, fields)
	return m
}

// A row is one of a table, as text.
type row string

// kept is what the database keeps of the victim's: all rows that name its desk, its workspace or one of its chats.
func (s *siege) kept() []row {
	s.Helper()
	s.quiet()
	names := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if s.db.Dialect() == store.PostgreSQL {
		names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	its := regexp.MustCompile(fmt.Sprintf(`(^|[^\w-])(%s|%s|%d)($|[^\w-])`, s.victim.desk, s.victim.team, s.victim.group))
	var found []row
	for _, name := range s.strings(names) {
		if strings.HasPrefix(name, "inbox") || strings.HasPrefix(name, "river") || strings.HasPrefix(name, "sqlite") || name == "schedules" { // what is under way
			continue
		}
		for _, line := range s.strings("SELECT * FROM " + name) {
			if its.MatchString(line) {
				found = append(found, row(name+": "+line))
			}
		}
	}
	slices.Sort(found)
	return found
}

// strings are the rows of a query, each a line.
func (s *siege) strings(query string) []string {
	s.Helper()
	rows, err := s.db.SQL().QueryContext(s.Context(), query)
	if err != nil {
		s.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		s.Fatal(err)
	}
	var found []string
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			s.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			texts[i] = fmt.Sprint(v)
		}
		found = append(found, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	return found
}

// remembered is a country that the victim alone asks about, and thread where it does.
const (
	remembered = "vanuatu"
	thread     = "1690000000.000001"
)

// lives has the victim work for a day: what is proposed, asked, told, voted and subscribed to bears its words.
func (s *siege) lives() {
	s.Helper()
	v := s.victim
	one, two := v.editor(1), v.editor(2)
	for _, said := range []struct {
		user, text string
		entries    int64 // that the ledger has then
	}{
		{one, "correct CUB-04 " + words("proposal") + " " + site("h"), 8},
		{two, "ask D-8 " + mark + "question well?", 9},
		{one, "correct BRA-13 " + words("approved") + " " + site("i"), 10},
		{two, "approve D-10", 12},
		{one, "correct BRA-12 " + words("rejected") + " " + site("j"), 13},
		{two, "reject D-13 " + mark + "rejection no", 14},
		{v.editor(3), "ask the desk " + mark + "inquiry who led it?", 15},
		{two, "answer D-15 " + mark + "answer nobody", 16},
		{one, "stance bolivia", 16},
		{one, "source BRA-14", 16},
		{v.editor(5), "stance " + remembered, 16},
		{one, "feedback no stance BOL", 16},
		{one, "watch bolivia", 16},
		{one, "digest daily at 9", 16},
	} {
		s.slash(v, said.user, said.text)
		s.reaches(v, said.entries) // on a busy machine an answer follows later
	}
	s.event(v, object{"type": "app_mention", "user": one, "text": "<@UBOT> stance bolivia"}, nil)
	s.event(v, object{"type": "app_mention", "user": two, "text": "<@UBOT> card bolivia"}, nil)
	s.event(v, object{"type": "app_mention", "user": one, "text": "<@UBOT> stance " + remembered, "ts": thread}, nil)
	s.update(object{"message": s.tells(v.person(1), v.group, "@stancebot stance bolivia", nil)})
	s.update(object{"message": s.tells(v.person(1), v.group, "@stancebot watch bolivia", nil)})
	s.quiet()
	letters := []string{"desk proposal D-8", "question D-9", "decision D-12", "desk decided D-12", "decision D-14", "desk decided D-14", "desk inquiry D-15", "replied D-16"}
	within(s.T, time.Minute, func() bool {
		ended := s.strings("SELECT name FROM digest_deliveries WHERE state NOT IN ('waiting', 'trying')")
		return len(ended) == len(s.strings("SELECT name FROM digest_deliveries")) &&
			!slices.ContainsFunc(letters, func(name string) bool { return !slices.Contains(ended, name) })
	}, s.log.String)
}

// Nothing that a newsroom does from its own workspace and chats shows or changes anything of another one's in the same installation. What
// the one tries in vain shows the other, whose it is, all of it.
func TestNoWayIntoAnotherNewsroom(t *testing.T) {
	if elsewhere(t) {
		return
	}
	t.Run("sqlite, the operator's own desk", func(t *testing.T) { newSiege(t, storetest.NewFile(t), knowledge.DefaultDesk).attacked() })
	t.Run("postgres, a desk of many", func(t *testing.T) { newSiege(t, postgres.Database(t), "victim").attacked() })
}

// attacked has the attacker try everything, and then the victim.
func (s *siege) attacked() {
	s.Helper()
	s.lives()
	spoils := s.lootOf(s.heard())
	if len(spoils.actions) < 5 || len(spoils.callbacks) < 5 || len(spoils.codes) < 1 || len(spoils.messages) < 3 {
		s.Errorf("too little is found to send back: %+v", spoils)
	}
	before := s.kept()
	if len(before) < 30 {
		s.Fatalf("of the victim's %d rows are kept: %s", len(before), before)
	}
	s.unharmed(everything, before, func() {
		for _, name := range slices.Sorted(maps.Keys(attempts)) {
			attempts[name].try(s, s.attacker)
		}
	})
	s.unharmed("what was sent to the other", before, func() { s.replays(spoils) })
	s.unharmed("the ids of the other", before, s.poses)
	s.unharmed("forgeries", before, s.forges)
	s.unharmed("what the other asked last", before, func() { s.recalls(s.attacker) })
	for _, said := range s.heard() {
		if strings.Contains(strings.ToLower(said), remembered) {
			s.Errorf("another newsroom is reminded of what this one asked: %s", said)
		}
	}
	if s.victim.desk == knowledge.DefaultDesk {
		s.unharmed("pages of who recorded what", before, s.intrudes)
	} else { // the pages are not the victim's
		s.unharmed("pages", before, func() { s.browses("") })
		s.unharmed("pages, with the operator's token", before, func() { s.browses("0123456789abcdef") })
		s.unharmed("a workspace that belongs to no other desk", before, s.strangers)
	}
	s.unharmed("leaving", before, func() {
		for _, kind := range []string{"tokens_revoked", "app_uninstalled"} {
			s.event(s.attacker, object{"type": kind, "tokens": object{"bot": []string{"UBOT"}}}, object{"event_time": time.Now().Unix()})
		}
	})
	s.control()
}

// everything is all that the attempts try.
const everything = "commands and buttons"

// grounded counts the lines that rest on what the article says of Bolivia.
func grounded(said []string) int {
	n := 0
	for _, line := range said {
		if strings.Contains(line, "BOL-") {
			n++
		}
	}
	return n
}

// unharmed fails where an attack shows or changes something of the victim's.
func (s *siege) unharmed(by string, before []row, attack func()) {
	s.Helper()
	s.forget()
	start, at := s.serial, time.Now()
	attack()
	said := s.heard()
	for i, leak := range leaks(said) {
		if i < 5 {
			s.Errorf("%s: told to another newsroom: %s", by, leak)
		}
	}
	for _, line := range said {
		if strings.Contains(line, "Too many questions") {
			s.Errorf("%s: somebody tried so often that they are no longer answered, which proves nothing: %.300s", by, line)
		}
	}
	if by == everything && grounded(said) < 40 { // of the shared records, which it is told
		s.Errorf("%s: another newsroom is answered %d times only, so that its attempts prove nothing", by, grounded(said))
	}
	after := s.kept()
	for _, gone := range missing(before, after) {
		s.Errorf("%s: changed or erased by another newsroom: %s", by, gone)
	}
	for _, came := range missing(after, before) {
		s.Errorf("%s: made by another newsroom: %s", by, came)
	}
	s.Logf("%s: %d attempts, %d answers in %s", by, s.serial-start, len(said), time.Since(at).Round(time.Millisecond))
}

// control has the victim try the same: each way shows words of its own, and all together each word.
func (s *siege) control() {
	s.Helper()
	all := shown([]string{strings.Join(s.strings("SELECT * FROM ledger_entries"), " ")})
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(attempts)) {
		s.forget()
		attempts[name].try(s, s.victim)
		words := shown(s.heard())
		if (len(words) == 0) != attempts[name].blind {
			s.Errorf("%s: its own newsroom is shown %d words: %s", name, len(words), words)
		}
		for _, w := range words {
			seen[w] = true
		}
	}
	s.forget()
	s.recalls(s.victim)
	if said := s.heard(); !strings.Contains(strings.ToLower(strings.Join(said, " ")), remembered) {
		s.Errorf("its own newsroom is not reminded of what it asked: %s", said)
	}
	if s.victim.desk == knowledge.DefaultDesk {
		s.forget()
		s.browses("")
		if words := shown(s.heard()); len(words) < 5 {
			s.Errorf("its own pages show %s", words)
		}
	}
	for _, w := range all {
		if !seen[w] && !raced.On {
			s.Errorf("nobody is ever shown %s: that nobody else was proves nothing", w)
		}
	}
}

// reaches waits until a newsroom's ledger has so many entries, and answers tell of them.
func (s *siege) reaches(n *newsroom, entries int64) {
	s.Helper()
	eventually(s.T, func() bool { return s.server.program.memory.seq(n.desk) >= entries }, func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return fmt.Sprintf("the ledger of %s does not come to %d entries\n%s", n.desk, entries, strings.Join(s.answered[max(0, len(s.answered)-3):], "\n"))
	})
}

// missing are the rows of one list that are not in another.
func missing(of, in []row) []row {
	return slices.DeleteFunc(slices.Clone(of), func(r row) bool { return slices.Contains(in, r) })
}
