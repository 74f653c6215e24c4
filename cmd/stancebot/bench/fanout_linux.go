package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A FanOut is what came of one thing that many channels were to be told: how many a second each platform got, and how long the program
// computed for each.
type FanOut struct {
	Slack, Telegram float64
	Each            time.Duration
}

// FanOut has prepare subscribe channels of Slack and as many chats of Telegram, in a database of a URL, starts the program on it, does what
// prepare returned, and waits until all were told.
func (l *Lab) FanOut(ctx context.Context, n int, prepare func(ctx context.Context, database string, places []string) (act func() error, err error)) (*FanOut, error) {
	slack, posts, err := l.listeningSlack(ctx)
	if err != nil {
		return nil, err
	}
	api, err := l.Start(ctx, -1, "the Bot API", l.BotAPI, byArgument)
	if err != nil {
		return nil, err
	}
	places := make([]string, 0, 2*n)
	for i := range n {
		places = append(places, fmt.Sprintf("slack:T1:C%05d", i), fmt.Sprintf("telegram:%d", firstChat+i))
	}
	database := l.inFile()
	act, err := prepare(ctx, database, places)
	if err != nil {
		return nil, err
	}
	s, err := l.serve(ctx, -1, "stancebot", database, "STANCEBOT_SLACK_SIGNING_SECRET="+commandSecret, "STANCEBOT_SLACK_BOT_TOKEN=xoxb-test",
		"STANCEBOT_SLACK_API_URL="+slack+"/api/", "STANCEBOT_TELEGRAM_TOKEN="+telegramToken, "STANCEBOT_TELEGRAM_API_URL=http://"+api.Addr,
		"STANCEBOT_TELEGRAM_WEBHOOK_URL=https://stancebot.example.org"+telegramPath, "STANCEBOT_TELEGRAM_WEBHOOK_SECRET="+telegramSecret)
	if err != nil {
		return nil, err
	}
	before, err := s.Computed()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := act(); err != nil {
		return nil, err
	}
	told, err := (&updateMeasure{lab: l, api: api}).await(ctx, 0, n)
	if err != nil || told.Lost != 0 || told.Twice != 0 {
		return nil, errors.Join(err, fmt.Errorf("bench: of %d chats, %d were told nothing, and %d twice", n, told.Lost, told.Twice))
	}
	first, last, err := posts.await(ctx, n)
	if err != nil {
		return nil, err
	}
	after, err := s.Computed()
	return &FanOut{
		Slack: float64(n-1) / last.Sub(first).Seconds(), Telegram: float64(n) / time.Unix(0, told.Last).Sub(began).Seconds(),
		Each: (after - before) / time.Duration(2*n),
	}, err
}

// posts are when messages came.
type posts struct {
	mu   sync.Mutex
	came []time.Time
}

// await waits until so many came, and returns when the first and the last did.
func (p *posts) await(ctx context.Context, n int) (first, last time.Time, err error) {
	for deadline := time.Now().Add(5 * time.Minute); ; {
		p.mu.Lock()
		came := p.came
		p.mu.Unlock()
		switch {
		case len(came) > n:
			return first, last, fmt.Errorf("bench: %d channels got %d messages", n, len(came))
		case len(came) == n:
			return came[0], came[n-1], nil
		case time.Now().After(deadline):
			return first, last, fmt.Errorf("bench: of %d channels, %d were told", n, len(came))
		}
		select {
		case <-ctx.Done():
			return first, last, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// listeningSlack returns the URL of a Slack that agrees with everything, and notes when messages are posted.
func (l *Lab) listeningSlack(ctx context.Context) (string, *posts, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("bench: %w", err)
	}
	p := &posts{}
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := 0
		if strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
			p.mu.Lock()
			p.came = append(p.came, time.Now())
			n = len(p.came)
			p.mu.Unlock()
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":true,"url":"https://desk.slack.com/","team":"Desk","team_id":"T1","user":"stancebot","user_id":"U0","bot_id":"B0","app_id":"A1","channel":"C1","ts":"17000%05d.000100"}`, n)
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // which ends with the lab
	}()
	l.ended = append(l.ended, func() { _ = server.Close(); <-done })
	return "http://" + listener.Addr().String(), p, nil
}
