package slack

import (
	"context"
	"sync"
	"time"
)

// locales remembers the locale of each person's client, and their time zone. The one decides the language of a reply only where the
// words of the question do not, the other the hours of what a channel subscribes to where nobody says them. So a question never
// waits for them: they are fetched for the next one.
type locales struct {
	api   *clients
	now   func() time.Time
	fetch chan person

	mu    sync.Mutex
	known map[person]localeAt
}

type person struct{ team, user string }

type localeAt struct {
	profile
	at time.Time
}

// A profile is what Slack tells of a person.
type profile struct{ locale, zone, name string }

const (
	localeKept  = 24 * time.Hour
	localesKept = 20_000
	localeQueue = 100
)

func newLocales(api *clients, now func() time.Time) *locales {
	return &locales{api: api, now: now, fetch: make(chan person, localeQueue), known: map[person]localeAt{}}
}

// of returns a person's profile where it is known, and has it fetched where it is not.
func (l *locales) of(team, user string) profile {
	p := person{team, user}
	l.mu.Lock()
	have, ok := l.known[p]
	l.mu.Unlock()
	if !ok || l.now().Sub(have.at) > localeKept {
		select {
		case l.fetch <- p:
		default: // another question asks again
		}
	}
	return have.profile
}

// wait fetches a person's profile where it is not known, and waits for it.
func (l *locales) wait(ctx context.Context, team, user string) profile {
	p := person{team, user}
	l.mu.Lock()
	_, ok := l.known[p]
	l.mu.Unlock()
	if !ok {
		l.ask(ctx, p)
	}
	return l.of(team, user)
}

// localeEvery keeps within the hundred calls a minute that Slack allows of users.info in a workspace. Of many, that is not reached by
// chance, and where it is, their client waits.
const (
	localeEvery = time.Second
	manyEvery   = 50 * time.Millisecond
)

// run fetches locales until the context ends.
func (l *locales) run(ctx context.Context) {
	every := localeEvery
	if l.api.OAuth != nil {
		every = manyEvery
	}
	pace := time.NewTicker(every)
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-l.fetch:
			l.ask(ctx, p)
		}
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
	}
}

// ask asks Slack. A person whose locale it does not tell has none: that is remembered, too.
func (l *locales) ask(ctx context.Context, p person) {
	l.mu.Lock()
	have, ok := l.known[p]
	l.mu.Unlock()
	if ok && l.now().Sub(have.at) <= localeKept {
		return
	}
	of, err := l.api.at(p.team).profile(ctx, p.user)
	if err != nil && codeOf(err) == "" {
		return // it was not Slack that said so
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) >= localesKept {
		clear(l.known)
	}
	l.known[p] = localeAt{of, l.now()}
}
