package picture

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Gallery draws pictures as the files that go with replies, and keeps those that were drawn of late: a newsroom asks for the same
// ones all day, and a digest shows one to all its channels. It is safe for concurrent use.
type Gallery struct {
	mu    sync.Mutex
	kept  map[drawn]*bot.File
	stats Stats
}

// drawn is the digest of all that a file depends on.
type drawn [sha256.Size]byte

// drawnOf is that of the picture of an answer: the question, with its day, that ages are counted to; the facts, with what the desk says of
// them; the words, and the version of the records, from which all else comes.
func drawnOf(a *knowledge.Answer, p *phrases.Catalogue) drawn {
	h := sha256.New()
	fmt.Fprintln(h, bot.Canonical(a.Query), a.Query.Today, p.Language, a.Version)
	facts := Facts(a)
	for i := range facts {
		fmt.Fprintln(h, facts[i].line())
	}
	return drawn(h.Sum(nil))
}

// keptBytes bounds what a gallery keeps: some hundreds of pictures.
const keptBytes = 32 << 20

// File draws the picture of an answer, nil where there is none of it.
func (g *Gallery) File(a *knowledge.Answer, p *phrases.Catalogue) (*bot.File, error) {
	if KindOf(a) == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	key := drawnOf(a, p)
	if f := g.of(key); f != nil {
		return f, nil
	}
	pic, err := Draw(a, p)
	var data []byte
	if err == nil {
		data, err = pic.PNG()
	}
	if g.drew(err); err != nil {
		return nil, err
	}
	f := &bot.File{Name: fileName(pic, a), Type: "image/png", Data: data, Note: pic.Caption, Alt: pic.Alt}
	g.keep(key, f)
	return f, nil
}

func (g *Gallery) of(key drawn) *bot.File {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kept[key]
}

func (g *Gallery) keep(key drawn, f *bot.File) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kept == nil || g.stats.Bytes+len(f.Data) > keptBytes {
		g.kept, g.stats.Bytes = map[drawn]*bot.File{}, 0
	}
	g.kept[key] = f
	g.stats.Kept, g.stats.Bytes = len(g.kept), g.stats.Bytes+len(f.Data)
}

// Stats are what a gallery drew since the start, and what it keeps.
type Stats struct {
	Drawn  int64
	Failed int64 // pictures that could not be drawn
	Kept   int
	Bytes  int // of what is kept
}

// Stats returns them.
func (g *Gallery) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// drew counts a picture that was drawn, or could not be.
func (g *Gallery) drew(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.stats.Failed++
		return
	}
	g.stats.Drawn++
}

// fileName names a picture by what it shows: stancebot-map-southern_cone-2026-11-29.png.
func fileName(pic *Picture, a *knowledge.Answer) string {
	parts := []string{"stancebot", string(pic.Kind)}
	switch {
	case a.RollCall != nil:
		parts = append(parts, strings.NewReplacer("/", "-", "(", "-", ")", "").Replace(a.RollCall.ID))
	case a.Group != nil:
		parts = append(parts, string(a.Group.Group.ID))
	default:
		for _, c := range a.Countries[:min(len(a.Countries), knowledge.MaxCompared)] {
			parts = append(parts, string(c))
		}
	}
	return strings.ToLower(strings.Join(append(parts, cmp.Or(a.On, a.Query.Today).String()), "-")) + ".png"
}
