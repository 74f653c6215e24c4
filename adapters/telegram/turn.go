package telegram

import (
	"context"
	"sync"
	"time"
)

// A Turn is what one of several processes has at a time, which all ask a store for.
type Turn interface {
	// Take takes the turn or keeps it, and reports whether it is ours for TurnKept from now on.
	Take(ctx context.Context) (ours bool, err error)
	// Leave lets another have it at once.
	Leave(ctx context.Context) error
}

const (
	// TurnKept is how long a turn at polling is a process's own: of one that died, another takes it over after that.
	TurnKept = 15 * time.Second
	// turnEvery is how often it is taken again, and asked for by who stands by.
	turnEvery = 5 * time.Second
	turnLimit = 3 * time.Second // for the store to answer
)

// pollInTurn polls while it is our turn, until the context ends. Telegram gives a bot's updates to one program at a time.
func (a *Adapter) pollInTurn(ctx context.Context) {
	if a.Turn == nil {
		a.poll(ctx)
		return
	}
	every := time.NewTicker(turnEvery)
	defer every.Stop()
	for ours := true; ctx.Err() == nil; { // while nobody can be asked, we are the only one as far as we know
		turn := a.Turn()
		if ours = a.ours(ctx, turn, ours); ours {
			a.health.standsBy(false)
			ours = a.pollWhileOurs(ctx, turn, every.C)
			continue
		}
		a.health.standsBy(true)
		select {
		case <-ctx.Done():
		case <-every.C:
		}
	}
}

// pollWhileOurs polls until another has the turn or the context ends, and then leaves it. It reports whether it was ours to the end.
func (a *Adapter) pollWhileOurs(ctx context.Context, turn Turn, every <-chan time.Time) (ours bool) {
	polling, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { a.poll(polling) })
	for ours = true; ours && ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-every:
			if turn == nil { // the store was not there
				turn = a.Turn()
			}
			ours = a.ours(ctx, turn, true)
		}
	}
	stop()
	running.Wait()
	if turn != nil {
		limited, end := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
		defer end()
		_ = turn.Leave(limited) // or it ends by itself
	}
	return ours
}

// ours reports whether it is our turn. While the store is away nobody else can take it, so that it is what it was.
func (a *Adapter) ours(ctx context.Context, turn Turn, was bool) bool {
	if turn == nil {
		return was
	}
	limited, end := context.WithTimeout(ctx, turnLimit)
	defer end()
	ours, err := turn.Take(limited)
	if err != nil {
		return was
	}
	return ours
}
