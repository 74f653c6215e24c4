package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"stancebot/knowledge"
)

// noClock is a time that no clock shows. It stands in a command for what was asked that there is not.
const noClock = "25:00"

// orderWords returns the words of an order in the short form of its query, but for the zone of a schedule, which stands last.
func orderWords(q knowledge.Query) []string {
	w := q.Order
	words := append(doingWords(q), scheduleWords(w)...)
	if n := strconv.Itoa(w.N); w.N > 0 && w.Do == knowledge.DoSubscribe { // digest 2 daily 07:30 brazil
		words = append([]string{n}, words...)
	} else if w.N > 0 {
		words = append(words, n)
	}
	if w.For > 0 {
		words = append(words, lengthWord(w.For))
	}
	if w.Until != 0 {
		words = append(words, "until", w.Until.String())
	}
	switch {
	case w.Do == knowledge.DoQuiet && w.From != 0:
		words = append(words, w.From.String()+"-"+w.At.String())
	case w.At != 0 && w.Do == knowledge.DoPause && w.Until == 0:
		words = append(words, "until", w.At.String())
	case w.At != 0:
		words = append(words, w.At.String())
	}
	if w.Unfit {
		words = append(words, noClock)
	}
	return words
}

// doingWords say what is to be done. That something is subscribed to shows in what it is about or when it comes.
func doingWords(q knowledge.Query) []string {
	w := q.Order
	switch w.Do {
	case knowledge.DoSubscribe:
		about := len(q.Countries) > 0 || q.Group != "" || q.Place != ""
		if about || w.Every != "" || w.At != 0 || w.Unfit {
			return nil
		}
		return []string{"everything"}
	case knowledge.DoQuiet:
		if w.From == 0 && !w.Unfit {
			return []string{string(w.Do), "off"}
		}
	case knowledge.DoEmpty, knowledge.DoEditors:
		if w.Switch {
			return []string{string(w.Do), "on"}
		}
		return []string{string(w.Do), "off"}
	case knowledge.DoZone:
		if w.Zone != "" {
			return []string{string(w.Do), w.Zone}
		}
	}
	return []string{string(w.Do)}
}

// scheduleWords say when a digest comes, but for the hour.
func scheduleWords(w *knowledge.Order) []string {
	var words []string
	if w.Every != "" {
		words = append(words, string(w.Every))
	}
	for _, d := range w.Days {
		words = append(words, strings.ToLower(d.String()[:3]))
	}
	if w.Day > 0 {
		words = append(words, strconv.Itoa(w.Day))
	}
	if len(w.Days) > 1 && slices.Equal(w.Days, workdays) {
		words = []string{"weekdays"}
	}
	return words
}

var workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// lengthWord writes how long something lasts: 2h, 90m.
func lengthWord(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}
