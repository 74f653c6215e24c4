package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"stancebot/knowledge"
)

func TestLatestDay(t *testing.T) {
	for text, want := range map[string]knowledge.Day{
		"": 0,
		"Calling Santos right-wing is contestable.": 0,
		// The forms of the records: a year or a month counts from its first day.
		"24 Feb 2025":       2025_02_24,
		"Feb 2026":          2026_02_01,
		"2014":              2014_01_01,
		"2022-23":           2023_01_01,
		"1 Mar 2022":        2022_03_01,
		"01 Mar 2022":       2022_03_01,
		"31 Dec 1999":       1999_12_31,
		"December 2009":     2009_12_01,
		"16 October 2025":   2025_10_16,
		"5 Sept 2008":       2008_09_05,
		"delivered 2014-15": 2015_01_01,
		// The latest of several counts, wherever it stands.
		"Joined 29 Apr 2006; left in Nov 2019 under Anez; suspended by ALBA on 24 Oct 2025.": 2025_10_24,
		"Temer 2016-18 or Bolsonaro 2019-22.":                                                2022_01_01,
		"on 24 Oct 2025, not in 2023":                                                        2025_10_24,
		"left in Aug 2018 (exit announced on 23 Aug 2018)":                                   2018_08_23,
		"(Nov 2019 - Nov 2020)":                                                              2020_11_01,
		"'7 Dec 2022.'":                                                                      2022_12_07,
		"Announced on 2-3 Sept 2008, decree of 5 Sept 2008; by December 2009":                2009_12_01,
		// What is no date, though it has figures.
		"early 1960s":                        0,
		"Yes on 68/262, ES-11/1, /3":         0,
		"32.06 and 26.7 percent":             0,
		"24 Mi-171Sh":                        0,
		"over 2,000 trainees from 12 states": 0,
		"who arrived on 28-29 Aug":           0, // without a year it is no day
		"document 12014":                     0,
		"31 Feb 2020":                        0, // the calendar has no such day
	} {
		if got := latestDay(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestLatestDayOfARangeOfDays(t *testing.T) {
	// The first or the last day of the range will do, but not the month's first: the text speaks of the 28th.
	if got := latestDay("ambassadors, who arrived on 28-29 Aug 2022"); got != 2022_08_28 && got != 2022_08_29 {
		t.Errorf("%s, want a day of the range", got)
	}
}

func TestLatestDayFindsTheLatest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var want knowledge.Day
		var text strings.Builder
		text.WriteString("Note: ")
		for range rapid.IntRange(0, 4).Draw(rt, "dates") {
			y, m, d := rapid.IntRange(1900, 2099).Draw(rt, "year"), rapid.IntRange(1, 12).Draw(rt, "month"), rapid.IntRange(1, 28).Draw(rt, "day")
			month := time.Month(m).String()
			if rapid.Bool().Draw(rt, "short") {
				month = month[:3]
			}
			switch rapid.IntRange(0, 2).Draw(rt, "form") {
			case 0:
				fmt.Fprintf(&text, "it happened on %d %s %d; ", d, month, y)
			case 1:
				fmt.Fprintf(&text, "(%s %d) ", month, y)
				d = 1
			case 2:
				fmt.Fprintf(&text, "in %d, ", y)
				m, d = 1, 1
			}
			want = max(want, knowledge.Day(y*10000+m*100+d))
		}
		if got := latestDay(text.String()); got != want {
			rt.Fatalf("%q: %s, want %s", text.String(), got, want)
		}
	})
}
