package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stancebot/adapters/slack"
	"stancebot/adapters/store"
	storedinstalls "stancebot/adapters/store/installs"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/telegram"
	"stancebot/adapters/web"
	"stancebot/bot/installs"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/ledger"
)

type doctorCommand struct {
	JSON bool `help:"Write one JSON object a line."`
}

// Help is what doctor --help adds.
func (*doctorCommand) Help() string {
	return `Each line is a setting that was tried: ok when it works, note when something is off by choice or worth knowing, FIX when it is
wrong, with what mends it. Nothing is changed: a database that is absent is not made, an older one not migrated, and nothing
is said on any platform. No secret is printed.

Exit status: 0 when nothing needs fixing, 1 otherwise.`
}

// A finding is what came of trying one setting: About and Says make a sentence.
type finding struct {
	State string `json:"state"` // ok, note or fix
	About string `json:"about"`
	Says  string `json:"says"`
}

func works(about, format string, args ...any) finding {
	return finding{slack.Fine, about, fmt.Sprintf(format, args...)}
}

func noted(about, format string, args ...any) finding {
	return finding{slack.Note, about, fmt.Sprintf(format, args...)}
}

func wrong(about, format string, args ...any) finding {
	return finding{slack.Fix, about, fmt.Sprintf(format, args...)}
}

// The limits of what is tried. All is tried side by side, so that the first is that of the whole, too.
const (
	checkLimit  = 12 * time.Second
	publicLimit = 5 * time.Second
	healthLimit = 3 * time.Second
)

var errToFix = errors.New("settings need fixing")

// Run tries all settings, and prints what was found in their order, each as soon as it is known.
func (c *doctorCommand) Run(env *environment) error {
	tell := printFinding
	if c.JSON {
		enc := json.NewEncoder(env.stdout)
		enc.SetEscapeHTML(false)
		tell = func(_ io.Writer, f finding) error { return enc.Encode(f) }
	}
	ctx, end := context.WithTimeout(env.ctx, checkLimit)
	defer end()
	toFix := 0
	for _, found := range env.diagnose(ctx) {
		for _, f := range <-found {
			if f.State == slack.Fix {
				toFix++
			}
			if err := tell(env.stdout, f); err != nil {
				return err
			}
		}
	}
	if toFix > 0 {
		return fmt.Errorf("%w: %d", errToFix, toFix)
	}
	return nil
}

func printFinding(w io.Writer, f finding) error {
	state := map[string]string{slack.Fine: "ok  ", slack.Note: "note", slack.Fix: "FIX "}[f.State]
	_, err := fmt.Fprintf(w, "%s %s %s\n", state, f.About, f.Says)
	return err
}

// diagnose tries all settings side by side, and returns where the findings of each come.
func (env *environment) diagnose(ctx context.Context) []<-chan []finding {
	checks := []func(context.Context) []finding{env.tryVariables}
	if unread := (*unreadError)(nil); !errors.As(env.misset, &unread) {
		checks = append(checks, env.tryRecords, env.tryDatabase, env.tryEditors, env.tryAdminAddr, env.tryListenAddr, env.tryWeb, env.tryPublicURL, env.trySlack, env.tryInstalls, env.tryTelegram, env.tellOthers)
	}
	found := make([]<-chan []finding, len(checks))
	for i, check := range checks {
		one := make(chan []finding, 1)
		go func() { one <- check(ctx) }()
		found[i] = one
	}
	return found
}

// tryVariables tells what is wrong with the variables as they stand.
func (env *environment) tryVariables(context.Context) []finding {
	if env.misset == nil {
		return []finding{works("the variables", "can be read")}
	}
	var findings []finding
	for line := range strings.Lines(env.misset.Error()) {
		findings = append(findings, wrong("the variables", "are wrong: %s", strings.TrimSuffix(line, "\n")))
	}
	if unread := (*unreadError)(nil); errors.As(env.misset, &unread) {
		findings = append(findings, noted("all else", "is tried once that is mended"))
	}
	return findings
}

// tried are the variables that checks of their own speak of, those of files with the ones that are read from them.
var tried = []string{
	"CORPUS", "DATABASE_URL", "EDITORS", "ADMIN_ADDR", "LISTEN_ADDR", "WEB_ACCESS", "WEB_TOKEN", "PUBLIC_URL",
	"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TELEGRAM_TOKEN",
}

// tellOthers tells what the other variables do that are set: there is nothing to try of them but that they can be read.
func (env *environment) tellOthers(context.Context) []finding {
	all, err := env.variables()
	if err != nil {
		return []finding{wrong("the variables", "cannot be listed: %v", err)}
	}
	var findings []finding
	for _, s := range all {
		own := slices.Contains(tried, strings.TrimSuffix(strings.TrimPrefix(s.Variable, "STANCEBOT_"), "_FILE"))
		if s.Source != fromEnvironment || own || s.Value == refusedShown {
			continue
		}
		findings = append(findings, works(s.Variable, "is %s: %s", cmp.Or(oneLine(s.Value), "empty"), s.Meaning))
	}
	return findings
}

func (env *environment) tryRecords(context.Context) []finding {
	set, err := env.records()
	if err == nil {
		if problems := set.Lint(); len(problems) > 0 {
			err = &corpus.LintError{Problems: problems}
		}
	}
	switch refused := (*corpus.LintError)(nil); {
	case errors.As(err, &refused):
		return []finding{wrong("the records", "are refused: %s: stancebot corpus lint lists each with what mends it", strings.TrimPrefix(err.Error(), "corpus: "))}
	case err != nil:
		return []finding{wrong("the records", "do not load: STANCEBOT_CORPUS: %v", err)}
	case env.config.Corpus != "":
		return []finding{works("the records", "hold: version %s, overlaid from %s", set.Version(), env.config.Corpus)}
	}
	return []finding{works("the records", "hold: version %s", set.Version())}
}

const database = "the database"

// tryDatabase looks at the database, and at the ledgers in it where its tables are those of this program.
func (env *environment) tryDatabase(ctx context.Context) []finding {
	at, err := env.databaseURL()
	if err != nil {
		return []finding{wrong(database, "has no place: %v", err)}
	}
	var findings []finding
	path, isFile := strings.CutPrefix(at, "sqlite:")
	switch {
	case path == ":memory:":
		return []finding{noted(database, "is in memory: what is recorded is gone when the program ends; set STANCEBOT_DATABASE_URL to keep it")}
	case isFile && path != "":
		findings = tryFolder(filepath.Dir(path))
	}
	db, err := store.Look(ctx, at, store.Options{Log: env.log})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return append(findings, noted(database, "is not there yet: serve makes it: %s", path))
	case err != nil && ctx.Err() != nil:
		return append(findings, wrong(database, "gives no answer: look whether it runs, and whether STANCEBOT_DATABASE_URL names its host and port"))
	case err != nil:
		return append(findings, wrong(database, "does not open: STANCEBOT_DATABASE_URL: %s", strings.TrimPrefix(err.Error(), "store: ")))
	}
	defer db.Close() //nolint:errcheck // it was only read
	has, wants, err := db.Versions(ctx)
	switch {
	case err != nil:
		return append(findings, wrong(database, "cannot be read: %s", strings.TrimPrefix(err.Error(), "store: ")))
	case has > wants:
		return append(findings, wrong(database, "is newer than this program: its tables are at version %d, the program at %d: use the newer program: %s", has, wants, db))
	case has == 0:
		return append(findings, noted(database, "has no tables yet: serve makes them: %s", db))
	case has < wants:
		return append(findings, noted(database, "is older than this program: serve brings its tables from version %d to %d; stancebot backup first: %s", has, wants, db))
	}
	findings = append(findings, works(database, "opens, with its tables at version %d: %s", has, db))
	return append(findings, tryLedgers(ctx, storedledger.New(db))...)
}

// tryFolder tries to write beside a file of SQLite, as SQLite does while the file is open. A folder that is absent is
// made with the file.
func tryFolder(folder string) []finding {
	there := folder
	for {
		_, err := os.Stat(there)
		if up := filepath.Dir(there); errors.Is(err, fs.ErrNotExist) && up != there {
			there = up
			continue
		}
		break
	}
	probe, err := os.CreateTemp(there, ".stancebot-doctor-*")
	if err != nil {
		reason := err
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			reason = pe.Err
		}
		return []finding{wrong("the folder of the database", "cannot be written: %s: %v: give this user the right, or set STANCEBOT_DATABASE_URL to another place", there, reason)}
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return []finding{wrong("the folder of the database", "cannot be written: %v", err)}
	}
	return nil
}

// tryLedgers walks each desk's chain, while there is time.
func tryLedgers(ctx context.Context, s ledger.Store) []finding {
	desks, err := s.Desks(ctx)
	if err != nil {
		return []finding{wrong("the ledger", "cannot be read: %v", err)}
	}
	var findings []finding
	for _, desk := range desks {
		about := "the ledger of desk " + string(desk)
		head, err := ledger.Audit(ctx, s, desk)
		broken := (*ledger.BrokenError)(nil)
		switch {
		case errors.As(err, &broken):
			findings = append(findings, wrong(about, "does not hold: entry %d: %s: restore a backup, or import an export of it", broken.Seq, broken.What))
		case ctx.Err() != nil:
			findings = append(findings, noted(about, "is too long to be walked here: stancebot ledger verify walks it"))
		case err != nil:
			findings = append(findings, wrong(about, "cannot be read: %v", err))
		default:
			findings = append(findings, works(about, "holds: %d entries, head %.12s", head.Seq, head.Hash))
		}
	}
	if len(desks) == 0 {
		return []finding{works("the ledger", "is empty")}
	}
	return findings
}

func (env *environment) tryEditors(context.Context) []finding {
	const variable = "STANCEBOT_EDITORS"
	switch n := len(env.config.Editors); {
	case n == 0:
		return []finding{noted(variable, "is not set: nobody may record; name people as console:ana or slack:T1:U2")}
	case n == 1 && env.config.FourEyes:
		return []finding{noted(variable, "names one editor, and four eyes want two: what is recorded stays a proposal; name another, or set STANCEBOT_FOUR_EYES=false")}
	default:
		return []finding{works(variable, "names %d", n)}
	}
}

func (env *environment) tryAdminAddr(ctx context.Context) []finding {
	return tryAddr(ctx, "STANCEBOT_ADMIN_ADDR", env.config.AdminAddr, "whoever reaches it reads how the program is; 127.0.0.1:9090 keeps it here")
}

func (env *environment) tryListenAddr(ctx context.Context) []finding {
	return tryAddr(ctx, "STANCEBOT_LISTEN_ADDR", env.config.ListenAddr, "it speaks HTTP without TLS, so a proxy with a certificate belongs before it")
}

// tryWeb tells who sees the pages.
func (env *environment) tryWeb(context.Context) []finding {
	const variable = "STANCEBOT_WEB_ACCESS"
	c := &env.config
	if c.checkWeb() != nil {
		return nil // which is said of the variables
	}
	var findings []finding
	switch {
	case c.WebAccess == web.ForAll:
		findings = append(findings, works(variable, "is public: everybody who reaches STANCEBOT_LISTEN_ADDR sees the pages"))
	case c.WebAccess == web.WithToken:
		findings = append(findings, works(variable, "is token: who knows STANCEBOT_WEB_TOKEN sees the pages"))
	case c.PublicURL != "":
		findings = append(findings, noted(variable, "is loopback: nobody sees the pages under STANCEBOT_PUBLIC_URL; set it to public or token, and receipts link to them"))
	default:
		findings = append(findings, works(variable, "is loopback: who sits at this machine sees the pages"))
	}
	if c.WebToken == "" {
		findings = append(findings, noted("STANCEBOT_WEB_TOKEN", "is not set: nobody sees the pages of the ledger, which tell who recorded what"))
	}
	return findings
}

// tryAddr tries to listen on an address, and tells what it means when others can reach it.
func tryAddr(ctx context.Context, variable, addr, open string) []finding {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return []finding{taken(ctx, variable, addr, err)}
	}
	_ = listener.Close() // nobody connected
	findings := []finding{works(variable, "can be listened on: %s", addr)}
	if !isLoopback(addr) {
		findings = append(findings, noted(variable, "is not of this machine alone: %s", open))
	}
	return findings
}

func isLoopback(addr string) bool {
	host, _, _ := net.SplitHostPort(addr) // it was listened on
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// taken tells why an address cannot be listened on. Where something answers, it may be this program, which runs.
func taken(ctx context.Context, variable, addr string, why error) finding {
	ctx, end := context.WithTimeout(ctx, healthLimit)
	defer end()
	host, port, err := net.SplitHostPort(addr)
	if ip, bad := netip.ParseAddr(host); host == "" || bad == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if err == nil {
		var conn net.Conn
		if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port)); err == nil {
			_ = conn.Close() // it was only looked whether somebody is there
		}
	}
	if err != nil {
		return wrong(variable, "cannot be listened on: %s: write it as 127.0.0.1:9090, with an address of this machine and a free port", withoutAddress(why))
	}
	resp, err := get(ctx, "http://"+net.JoinHostPort(host, port)+"/healthz")
	if err == nil {
		defer resp.Body.Close()
		if said, _ := io.ReadAll(io.LimitReader(resp.Body, 10)); resp.StatusCode == http.StatusOK && string(said) == "ok\n" {
			return noted(variable, "is taken: what is there answers /healthz as this program does, so it may be the one that runs: %s", addr)
		}
	}
	return wrong(variable, "cannot be listened on: %s: another program answers there: stop that, or name another address", withoutAddress(why))
}

// get asks for a page, and follows nothing.
func get(ctx context.Context, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody) //nolint:gosec // an address of the operator's own setting is asked at the operator's wish
	if err != nil {
		return nil, err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req) //nolint:gosec // likewise
	if ue := (*url.Error)(nil); errors.As(err, &ue) {
		return nil, ue.Err // without the address, which may hold a password
	}
	return resp, err
}

func (env *environment) tryPublicURL(ctx context.Context) []finding {
	const variable = "STANCEBOT_PUBLIC_URL"
	at := env.config.PublicURL
	switch {
	case at == "":
		return []finding{noted(variable, "is not set: receipts lead to the pages that they rest on, and not to those of this program")}
	case !isWebAddress(at):
		return nil // which is said of the variables
	}
	ctx, end := context.WithTimeout(ctx, publicLimit)
	defer end()
	resp, err := get(ctx, at)
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("no answer within %s", publicLimit)
		}
		return []finding{wrong(variable, "cannot be reached from here: %v: correct it, or mend the way to it", err)}
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusInternalServerError {
		return []finding{noted(variable, "answers with status %d: start serve, and have the proxy there pass on to STANCEBOT_LISTEN_ADDR", resp.StatusCode)}
	}
	return []finding{works(variable, "answers with status %d", resp.StatusCode)}
}

func (env *environment) tryTelegram(ctx context.Context) []finding {
	c := &env.config
	if c.checkTelegram() != nil {
		return []finding{noted("Telegram", "is asked once its variables are mended")}
	}
	var findings []finding
	for _, f := range telegram.Diagnose(ctx, telegram.Options{
		Token: c.TelegramToken.Reveal(), APIURL: c.TelegramApiURL, WebhookURL: c.TelegramWebhookURL,
	}) {
		findings = append(findings, finding(f))
	}
	return findings
}

func (env *environment) trySlack(ctx context.Context) []finding {
	c := &env.config
	if c.checkSlack() != nil {
		return []finding{noted("Slack", "is asked once its variables are mended")}
	}
	var findings []finding
	for _, f := range slack.Diagnose(ctx, c.slackOptions()) {
		findings = append(findings, finding(f))
	}
	return findings
}

// tryInstalls tries what many workspaces install the app by, and the token of each that did.
func (env *environment) tryInstalls(ctx context.Context) []finding {
	c := &env.config
	if !c.installable() || c.checkSlack() != nil || c.checkOAuth() != nil {
		return nil // which is said of the variables
	}
	list, err := env.lookAtInstalls(ctx)
	if err != nil {
		return []finding{noted("the installs", "are looked at once the database is there, with this program's tables")}
	}
	var findings []finding
	for _, f := range slack.DiagnoseInstalls(ctx, c.slackOptions(), list) {
		findings = append(findings, finding(f))
	}
	return findings
}

// lookAtInstalls reads the installs, and changes nothing.
func (env *environment) lookAtInstalls(ctx context.Context) ([]installs.Install, error) {
	at, err := env.databaseURL()
	if err != nil {
		return nil, err
	}
	db, err := store.Look(ctx, at, store.Options{Log: env.log})
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // it was only read
	keys, err := env.config.keys()
	if err != nil {
		return nil, err
	}
	return storedinstalls.New(db, keys).List(ctx)
}

// slackOptions are those by which Slack is asked from the command line.
func (c *config) slackOptions() slack.Options {
	o := slack.Options{
		BotToken: c.SlackBotToken.Reveal(), AppToken: c.SlackAppToken.Reveal(), SigningSecret: c.SlackSigningSecret.Reveal(),
		APIURL: c.SlackApiURL, PublicURL: c.PublicURL,
	}
	if c.installable() {
		o.OAuth = &slack.OAuth{ClientID: c.SlackClientID, ClientSecret: c.SlackClientSecret.Reveal()}
	}
	return o
}
