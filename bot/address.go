package bot

import (
	"context"
	"strings"
)

// An Address is where something can be posted that nobody asked for: a channel, a chat, or a topic of one. It is written as
// places are: slack:T1:C2, telegram:-100200, telegram:-100200:5. Only its platform's adapter reads more of it than that.
type Address string

// Platform is the platform that it begins with.
func (a Address) Platform() string {
	platform, _, _ := strings.Cut(string(a), ":")
	return platform
}

// Space is the workspace or chat that it lies in: slack:T1, telegram:-100200. Of a person of Slack it is their workspace.
func (a Address) Space() string {
	platform, rest, _ := strings.Cut(string(a), ":")
	space, _, _ := strings.Cut(rest, ":")
	return platform + ":" + space
}

// An Asker is who asks, as far as the platform tells.
type Asker struct {
	Name string // as the channel knows them
	Zone string // the time zone that they live by, as the IANA names it
}

// Where is the channel that a request came from, as far as digests and watches need it. The zero Where is that of a request whose
// channel nothing can be posted to, such as a terminal.
type Where struct {
	Address Address
	Private bool // a conversation with the asker alone
	// Asker tells of the asker what the platform tells, which may take a call; nil for nothing.
	Asker func(ctx context.Context) Asker
	// MayPost reports whether the asker may post there, as far as the platform tells; nil where asking shows it.
	MayPost func(ctx context.Context) (bool, error)
}
