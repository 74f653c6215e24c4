package quota

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Kind is one thing that is shared out.
type Kind string

// The kinds.
const (
	Questions     Kind = "questions"     // that are answered
	Waiting       Kind = "waiting"       // events that a platform sent and nobody worked yet
	Subscriptions Kind = "subscriptions" // digests and watches of all channels
	Proposals     Kind = "proposals"     // of its people, that wait for a desk's decision
	Told          Kind = "told"          // replies that are kept, so that corrections find their readers
	Pictures      Kind = "pictures"      // that are drawn at the same time
)

// A Limit is how much of a kind one space may have.
type Limit struct {
	Most int           // 0 for any number
	Per  time.Duration // within so long; 0 for at any one time
}

// usual is what each space may have unless the operator says otherwise. A newsroom of a hundred people comes near none of it.
var usual = Quotas{
	Questions:     {600, time.Minute},
	Waiting:       {1000, 0},
	Subscriptions: {500, 0},
	Proposals:     {50, 0},
	Told:          {10_000, time.Hour},
	Pictures:      {4, 0},
}

// Kinds lists the kinds.
func Kinds() []Kind { return slices.Sorted(maps.Keys(usual)) }

// Quotas are limits of kinds. Of a kind that is not among them, the usual one holds.
type Quotas map[Kind]Limit

// Of is the limit of a kind.
func (q *Quotas) Of(k Kind) Limit {
	if l, said := (*q)[k]; said {
		return l
	}
	return usual[k]
}

// units are the words for the times of rates.
var units = map[string]time.Duration{"s": time.Second, "min": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// unlimited is the word for any number.
const unlimited = "none"

// Decode reads limits parted by commas, as the environment sets them: questions=600/min,subscriptions=500,told=none. An error names what is
// wanted, and no value.
func (q *Quotas) Decode(value string) error {
	*q = Quotas{}
	for i, part := range strings.Split(value, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, most, _ := strings.Cut(part, "=")
		kind := Kind(strings.TrimSpace(name))
		of, known := usual[kind]
		if !known {
			return fmt.Errorf("quota %d of the list: want one of %s", i+1, words(Kinds()))
		}
		limit, err := of.read(strings.TrimSpace(most))
		if err != nil {
			return fmt.Errorf("quota %d of the list: %s: %w", i+1, kind, err)
		}
		(*q)[kind] = limit
	}
	return nil
}

// read reads another limit of the same kind.
func (l Limit) read(text string) (Limit, error) {
	if text == unlimited {
		return Limit{Per: l.Per}, nil
	}
	number, unit, rate := strings.Cut(text, "/")
	n, err := strconv.Atoi(number)
	per, known := units[unit]
	switch {
	case err != nil || n < 1 || rate && l.Per == 0:
		return Limit{}, errors.New("want " + l.form())
	case l.Per > 0 && !known:
		return Limit{}, errors.New("want " + l.form())
	}
	return Limit{n, per}, nil
}

// form is how a limit of this kind is written.
func (l Limit) form() string {
	if l.Per == 0 {
		return "a number from 1 on such as 500, or none"
	}
	return "a number from 1 on and a time, s, min, hour or day, such as 600/min, or none"
}

// String writes a limit as it is read.
func (l Limit) String() string {
	if l.Most == 0 {
		return unlimited
	}
	for unit, per := range units {
		if per == l.Per {
			return strconv.Itoa(l.Most) + "/" + unit
		}
	}
	return strconv.Itoa(l.Most)
}

func words(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}
