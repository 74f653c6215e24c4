package digesttest

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
)

// A Platform takes posts and remembers them. Its fields are set before it is used.
type Platform struct {
	Now  func() time.Time
	Sees bool // it tells what arrived
	// Fails decides what becomes of a post, by how many came before: whether it arrives, and what is told of it. Nil lets all arrive.
	Fails func(p digest.Post, before int) (arrives bool, err error)
	// Hides decides what becomes of a picture. Nil shows all.
	Hides func(to bot.Address) error

	mu      sync.Mutex
	arrived []Arrival
	byID    map[string]string // messages by the id of the post
	told    []string
	shown   []string
	tries   int
}

// An Arrival is a message that arrived.
type Arrival struct {
	digest.Post
	Message string
	At      time.Time
}

var _ digest.Poster = (*Platform)(nil)

// Post takes a post.
func (p *Platform) Post(ctx context.Context, post digest.Post) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if post.Doubt == digest.Look && post.Edit == "" {
		if !p.Sees {
			return "", digest.ErrUnseen
		}
		if message, ok := p.byID[post.ID]; ok {
			return message, nil
		}
	}
	arrives, err := true, error(nil)
	if p.Fails != nil {
		arrives, err = p.Fails(post, p.tries)
	}
	p.tries++
	if !arrives {
		return "", err
	}
	message := cmp.Or(post.Edit, fmt.Sprintf("m%d", len(p.arrived)+1))
	p.arrived = append(p.arrived, Arrival{post, message, p.Now()})
	if p.byID == nil {
		p.byID = map[string]string{}
	}
	p.byID[post.ID] = message
	if err != nil {
		return "", err
	}
	return message, nil
}

// Illustrate shows a picture.
func (p *Platform) Illustrate(_ context.Context, to bot.Address, r *bot.Reply) error {
	if p.Hides != nil {
		if err := p.Hides(to); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, string(to)+": "+r.File.Name)
	return nil
}

// Shown returns the pictures that were shown, in their order.
func (p *Platform) Shown() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.shown...)
}

// Tell tells a person.
func (p *Platform) Tell(_ context.Context, person string, r *bot.Reply) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, person+": "+r.Text())
	return nil
}

// Lane is the workspace of slack:T1:C2, and all of another platform.
func (*Platform) Lane(to bot.Address) string {
	if parts := strings.Split(string(to), ":"); parts[0] == "slack" {
		return strings.Join(parts[:2], ":")
	}
	return to.Platform()
}

// Arrived returns what arrived, in its order.
func (p *Platform) Arrived() []Arrival {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Arrival(nil), p.arrived...)
}

// Told returns what persons were told.
func (p *Platform) Told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.told...)
}
