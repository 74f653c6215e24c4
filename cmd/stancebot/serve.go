package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
)

type serveCommand struct{}

// Help is what serve --help adds.
func (*serveCommand) Help() string {
	return `Runs until it is interrupted, without a terminal: it serves every platform whose tokens are set, follows the desk's ledger,
runs the daily jobs, and tells operators how it is on STANCEBOT_ADMIN_ADDR (/healthz, /readyz, /metrics). On
STANCEBOT_LISTEN_ADDR it shows its pages to whom STANCEBOT_WEB_ACCESS says, and takes what platforms send over HTTP.`
}

// The limits of a server and of its end.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second // of a request, which is small
	writeTimeout  = 30 * time.Second // from a request to the end of its response
	idleTimeout   = 2 * time.Minute
	stopLimit     = 20 * time.Second
)

// answersKept is to how many questions of a desk the answers are kept, of some ten kilobytes each.
const answersKept = 1000

// collectAt is by how many percent the heap grows before its garbage is collected. What lives in it is some twenty megabytes: to look
// through it after each twenty more would take a fifth of the work.
const collectAt = 400

// collectSeldom has garbage collected less often than Go does by itself, unless the operator said how often.
func collectSeldom(isSet func(variable string) (string, bool)) {
	_, percent := isSet("GOGC")
	_, limit := isSet("GOMEMLIMIT")
	if !percent && !limit {
		debug.SetGCPercent(collectAt)
	}
}

// Run serves.
func (*serveCommand) Run(env *environment) error {
	collectSeldom(os.LookupEnv)
	s, err := env.newServer()
	if err != nil {
		return err
	}
	return errors.Join(s.run(env.ctx, &env.config), s.program.Close())
}

// newServer puts a server together. Close its program.
func (env *environment) newServer() (*server, error) {
	today, err := env.calendar("")
	if err != nil {
		return nil, err
	}
	p, err := env.newBotThatKeeps(answersKept, today, true)
	if err != nil {
		return nil, err
	}
	c, err := env.newChores(p.memory, today)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	metrics := admin.NewMetrics()
	measureTold(metrics, p.memory)
	measureQuotas(metrics, p.shares)
	site := env.newSite(p, today, func(o bot.Options) asker { return &measured{bot.New(o), metrics} })
	s := &server{program: p, chores: c, log: env.log, metrics: metrics, platforms: env.newPlatforms(p, metrics), site: site}
	posters := map[string]digest.Poster{}
	for _, served := range s.platforms {
		posters[served.name] = served
	}
	s.survey = newSurvey(p.memory)
	s.newsboy = env.newNewsboy(p, today, p.memory.now, posters, s.ended)
	p.memory.caught = func() { s.newsboy.planner.Kick(); s.newsboy.notes.Kick() }
	p.memory.voted = metrics.Voted
	s.survey.measure(metrics, p, s.platforms)
	metrics.Gauge("stancebot_ready", "Whether /readyz says that the program answers: 1, or 0 while it stops.", nil, func() float64 { return oneIf(!s.stopping.Load()) })
	return s, nil
}

// A server is a running program without a terminal.
type server struct {
	program   *program
	chores    *chores
	platforms []platform // whose tokens are set
	site      http.Handler
	newsboy   *newsboy
	metrics   *admin.Metrics
	survey    *survey
	log       *slog.Logger
	stopping  atomic.Bool
}

// A platform is one chat platform that is served.
type platform struct {
	name string
	hook string // the path below which it sends what happens over HTTP, "" where it does not
	adapter
}

// role is what the program does for a platform that works.
func (p platform) role() string {
	if a, ok := p.adapter.(interface{ StandsBy() bool }); ok && a.StandsBy() {
		return "ok: stands by while another process asks for updates"
	}
	return "ok"
}

// An adapter is the program's side of a platform.
type adapter interface {
	Run(ctx context.Context) error
	Handler() http.Handler
	Health() string
	Stats() inbox.Stats
	digest.Poster
}

// newPlatforms puts together the side of each platform whose token is set.
func (env *environment) newPlatforms(p *program, metrics *admin.Metrics) []platform {
	var served []platform
	if a := env.newSlack(p, metrics); a != nil {
		s := platform{name: onSlack, adapter: a}
		if env.config.SlackSigningSecret != "" {
			s.hook = "/slack/"
		}
		served = append(served, s)
	}
	if a := env.newTelegram(p, metrics); a != nil {
		t := platform{name: onTelegram, adapter: a}
		if env.config.TelegramWebhookURL != "" {
			t.hook = "/telegram/"
		}
		served = append(served, t)
	}
	return served
}

// run serves until the context ends, and then stops in order within its limit: what takes in work first, what tells of it
// last.
func (s *server) run(ctx context.Context, c *config) error {
	operators, err := listen(ctx, "STANCEBOT_ADMIN_ADDR", c.AdminAddr, admin.Handler(s.report, s.metrics))
	if err != nil {
		return err
	}
	web, err := listen(ctx, "STANCEBOT_LISTEN_ADDR", c.ListenAddr, s.handler())
	if err != nil {
		return errors.Join(err, operators.stop(ctx))
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	running := s.start(ctx)
	s.log.InfoContext(ctx, "serving", "admin", operators.addr(), "listen", web.addr(), "platforms", s.names())
	select {
	case <-ctx.Done():
	case err = <-operators.failed:
	case err = <-web.failed:
	}
	s.stopping.Store(true)
	limit, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer end()
	err = errors.Join(err, web.stop(limit))
	stop()
	running.Wait()
	return errors.Join(err, operators.stop(limit))
}

// handler takes what platforms send, tells whoever looks that the program is there, and leaves the rest to the pages.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.site)
	mux.HandleFunc("GET /healthz", admin.Healthz)
	for _, p := range s.platforms {
		if p.hook != "" {
			mux.Handle(p.hook, p.Handler())
		}
	}
	return traffic(mux, s.metrics)
}

// names are those of the platforms.
func (s *server) names() string {
	if len(s.platforms) == 0 {
		return "none: no token is set"
	}
	names := make([]string, len(s.platforms))
	for i, p := range s.platforms {
		names[i] = p.name
	}
	return strings.Join(names, " ")
}

// start begins all that runs until the context ends.
func (s *server) start(ctx context.Context) *sync.WaitGroup {
	var running sync.WaitGroup
	running.Go(func() { s.program.memory.follow(ctx) })
	running.Go(func() { s.program.memory.followSpaces(ctx) })
	running.Go(func() { s.program.memory.followInstalls(ctx) })
	running.Go(func() { s.chores.run(ctx) })
	running.Go(func() { s.survey.run(ctx) })
	running.Go(func() { s.newsboy.planner.Run(ctx) })
	running.Go(func() { s.newsboy.notes.Run(ctx) })
	running.Go(func() { s.newsboy.deliverer.Run(ctx) })
	for _, p := range s.platforms {
		running.Go(func() {
			if err := p.Run(ctx); err != nil {
				s.log.ErrorContext(ctx, "events were left behind", "platform", p.name, "error", err)
			}
		})
	}
	return &running
}

// ended notes that a delivery came to an end.
func (s *server) ended(platform string, d *digest.Delivery) {
	s.metrics.Delivered(platform, string(d.State), d.Doubted, d.Done.Sub(d.Due))
	s.survey.sent(platform, d)
}

// report is how the program is. It is ready also while its database is away: it answers lookups then, from what it read, and to take it from
// service would answer nobody.
func (s *server) report() admin.Report {
	r := admin.Report{
		Ready: !s.stopping.Load(), Program: programVersion(), Records: s.program.records.Version,
		CheckedTo: s.program.records.Article.CheckedTo.String(),
	}
	r.Follows(s.program.memory.status())
	s.survey.tell(&r, s.platforms)
	for _, p := range s.platforms {
		if r.Platforms == nil {
			r.Platforms = map[string]string{}
		}
		r.Platforms[p.name] = cmp.Or(p.Health(), p.role())
	}
	return r
}

// A webServer is one address that is listened on.
type webServer struct {
	*http.Server
	listener net.Listener
	failed   chan error    // what Serve ended with
	done     chan struct{} // closed when it has
}

// listen begins to serve on the address that a variable names.
func listen(ctx context.Context, variable, addr string, h http.Handler) (*webServer, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen there: %s", variable, withoutAddress(err))
	}
	w := &webServer{listener: listener, failed: make(chan error, 1), done: make(chan struct{}), Server: &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
	}}
	go func() {
		defer close(w.done)
		w.failed <- w.Serve(listener)
	}()
	return w, nil
}

// withoutAddress tells why an address cannot be listened on, without the address: it may be a secret in a wrong place.
func withoutAddress(err error) string {
	reason := err
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		reason = op.Err
	}
	if address := (*net.AddrError)(nil); errors.As(reason, &address) {
		return address.Err
	}
	if unknown := (*net.DNSError)(nil); errors.As(reason, &unknown) {
		return unknown.Err
	}
	return reason.Error()
}

func (w *webServer) addr() string { return w.listener.Addr().String() }

// stop takes no more requests, and waits for those that are answered.
func (w *webServer) stop(ctx context.Context) error {
	err := w.Shutdown(ctx)
	<-w.done
	return err
}
