package showcase

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"stancebot/bot/phrases"
)

//go:embed tour.json
var tourFile []byte

// A Tour is what a newsroom is shown by: steps of acts, one after the other.
type Tour struct {
	Starts time.Time `json:"starts"` // by the clock of the newsroom
	Steps  []Step    `json:"steps"`
}

// A Step is a part of the tour. The catalogue says its title and what to look at, under its id.
type Step struct {
	ID   string `json:"id"`
	Acts []Act  `json:"acts"`
}

// spoken begins a text of the tour that the catalogue says in each language.
const spoken = "demo.say."

// TheTour is the tour. Its file is part of the program: one that does not parse is a fault of the build.
var TheTour = sync.OnceValue(func() *Tour {
	var t Tour
	if err := json.Unmarshal(tourFile, &t); err != nil {
		panic(fmt.Sprintf("showcase: tour.json: %v", err))
	}
	return &t
})

func (t *Tour) ids() []string {
	ids := make([]string, len(t.Steps))
	for i := range t.Steps {
		ids[i] = t.Steps[i].ID
	}
	return ids
}

// Next takes the next step of the tour, and reports whether there was one. What a visitor did before may stand in its way: then it goes on
// with the acts that can be done.
func (n *Newsroom) Next(ctx context.Context) (more bool, err error) {
	n.acting.Lock()
	defer n.acting.Unlock()
	if n.step >= len(n.tour.Steps) {
		return false, nil
	}
	acts := n.tour.Steps[n.step].Acts
	n.step++
	for i := range acts {
		a := acts[i]
		if strings.HasPrefix(a.Text, spoken) {
			a.Text = phrases.In(n.language).Say(a.Text)
		}
		if err := n.do(ctx, &a); err != nil {
			if refused := RefusedError(""); errors.As(err, &refused) {
				continue
			}
			return true, err
		}
	}
	return true, nil
}
