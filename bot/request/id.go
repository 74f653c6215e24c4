package request

import (
	"context"
	"math/rand/v2"
	"time"
)

// figures are those of Crockford's base 32: none is taken for another when it is read out. They are in ASCII's order, so that ids sort by time.
const figures = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// The parts of an id, in figures of five bits: milliseconds since 1970, which last until the year 3084, and chance.
const (
	timeFigures   = 9
	chanceFigures = 7
	// Length is how many characters an id has.
	Length = timeFigures + chanceFigures
)

// NewID returns an id of its own: 16 letters and figures, which sort by time.
func NewID() string { return idAt(time.Now(), rand.Uint64()) } //nolint:gosec // no secret: nothing is had by guessing one

func idAt(now time.Time, chance uint64) string {
	var id [Length]byte
	write(id[:timeFigures], uint64(now.UnixMilli()))
	write(id[timeFigures:], chance)
	return string(id[:])
}

// write writes the last bits of a number.
func write(to []byte, n uint64) {
	for i := len(to) - 1; i >= 0; i-- {
		to[i] = figures[n%uint64(len(figures))]
		n /= uint64(len(figures))
	}
}

type key struct{}

// With returns a context in which a request is worked.
func With(ctx context.Context, id string) context.Context { return context.WithValue(ctx, key{}, id) }

// ID returns the id of the request that is worked in a context, or "".
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Ensure returns a context in which a request is worked, which it names anew where that has no id yet.
func Ensure(ctx context.Context) context.Context {
	if ID(ctx) != "" {
		return ctx
	}
	return With(ctx, NewID())
}
