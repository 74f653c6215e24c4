package question

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

//go:embed zones.txt
var zoneFile string

// A zoneIndex finds the zones of time.
type zoneIndex struct {
	names    map[string]string   // folded → as the IANA names it
	lasts    map[string][]string // last part, folded → zones in use
	older    map[string][]string // last part, folded → older names
	of       map[knowledge.Country][]string
	capitals map[knowledge.Country]string // whose clocks those of the capital go by
	longest  int                          // most words of a name
}

// zones is the index of the file, read when a zone is first asked for.
var zones = sync.OnceValue(func() *zoneIndex {
	z, err := parseZones(zoneFile)
	if err != nil {
		panic(fmt.Sprintf("question: zones.txt: %v", err))
	}
	return z
})

func parseZones(text string) (*zoneIndex, error) {
	z := &zoneIndex{
		names: map[string]string{}, lasts: map[string][]string{}, older: map[string][]string{},
		of: map[knowledge.Country][]string{}, capitals: map[knowledge.Country]string{},
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 2 || len(fields) > 3 || len(fields) == 3 && fields[2] != "capital" {
			return nil, fmt.Errorf("want a zone, a member and perhaps capital: %q", line)
		}
		z.add(fields[0], fields[1], len(fields) == 3)
	}
	return z, nil
}

// add adds a zone of a member, or of none; + is for an older name.
func (z *zoneIndex) add(zone, member string, capital bool) {
	name := fold(zone)
	z.names[name] = zone
	z.longest = max(z.longest, strings.Count(name, " ")+1)
	last := fold(zone[strings.LastIndex(zone, "/")+1:])
	if member == "+" {
		z.older[last] = append(z.older[last], zone)
		return
	}
	z.lasts[last] = append(z.lasts[last], zone)
	if member == "-" {
		return
	}
	c := knowledge.Country(member)
	z.of[c] = append(z.of[c], zone)
	if capital {
		z.capitals[c] = zone
	}
}

// named returns the one zone that a name fits, by all or the last part of it, or "".
func (z *zoneIndex) named(name string) string {
	if zone := z.names[name]; zone != "" {
		return zone
	}
	for _, lasts := range []map[string][]string{z.lasts, z.older} {
		if len(lasts[name]) == 1 {
			return lasts[name][0]
		}
	}
	return ""
}

// place returns the zone of a capital, and that of a member with one zone, or "".
func (z *zoneIndex) place(m *places.Match) string {
	switch {
	case m == nil || m.Kind != places.CountryMatch || m.Leader != nil:
		return ""
	case m.Seat:
		return z.capitals[m.Country]
	case len(z.of[m.Country]) == 1:
		return z.of[m.Country][0]
	}
	return ""
}

// readZone reads the zone that an order names. Words of the language may stand before it; what nobody knows there is a zone that
// there is not.
func (o *ordering) readZone() {
	at := slices.IndexFunc(o.tokens, func(tok token) bool { return tok.term == "zone" })
	if o.order.Do != knowledge.DoZone || at < 0 {
		return
	}
	o.use(at, at+1)
	for i := o.tokens[at].behind; i < len(o.words); i++ {
		zone, n := o.zoneAt(i)
		if n > 0 {
			o.order.Zone, o.order.Unfit = zone, zone == ""
			o.useWords(i, i+n)
			return
		}
		if w := o.words[i].Fold; !o.lex.words[w] || number(w) >= 0 {
			o.order.Unfit = true
			o.useWords(i, len(o.words))
			return
		}
	}
	o.order.Do = knowledge.DoList // which zone it is
}

// useWords marks words as part of the order.
func (o *ordering) useWords(from, to int) {
	for i := from; i < to; i++ {
		o.used[i] = true
	}
	o.tokens = slices.DeleteFunc(o.tokens, func(tok token) bool { return tok.first >= from && tok.first < to })
}

// zoneAt returns the zone whose name begins at a word, and how many words it has. A number tied to it, UTC-3, makes it none that
// there is.
func (o *ordering) zoneAt(i int) (zone string, n int) {
	z := zones()
	for size := min(z.longest, len(o.typed)-i); size > 0 && n == 0; size-- {
		parts := make([]string, size)
		for j := range size {
			parts[j] = o.typed[i+j].Fold
		}
		if zone = z.named(strings.Join(parts, " ")); zone != "" {
			n = size
		}
	}
	if m, size := o.reader.gazetteer.At(o.typed, i); size > n {
		if by := z.place(m); by != "" {
			zone, n = by, size
		} else if m.Kind != places.OtherMatch && n == 0 {
			n = size // a country of several zones
		}
	}
	if last := i + n; n > 0 && last < len(o.words) && strings.ContainsRune("+-−–", o.words[last-1].After) && number(o.words[last].Fold) >= 0 {
		return "", n + 1
	}
	return zone, n
}
