//go:build linux

package main

import (
	"net/url"
	"testing"

	"stancebot/bot/bottest"
	"stancebot/knowledge/places"
)

// BenchmarkPages asks the program for pages and for what the API answers, about all members, at even times and over 32
// connections, from another process. It reports how long half of the requests and all but one in a hundred take, from when they were due. The
// limit that pages are held against is 20 ms.
//
// With -benchtime 1x it only shows that all of it runs.
func BenchmarkPages(b *testing.B) {
	desk := bottest.NewDesk(b)
	var pages, answers []string
	for i, c := range places.Members() {
		calls := desk.Core.Book().Calls()
		symbol := calls[i%len(calls)].ID
		pages = append(pages, "/countries/"+string(c), "/", "/search?q="+url.QueryEscape(string(c)+" sanctions"), "/resolutions/"+symbol, "/receipts/"+symbol, "/shifts", "/map")
		answers = append(answers, "/api/v1/ask?q="+url.QueryEscape("stance "+string(c)), "/api/v1/countries/"+string(c), "/api/v1/resolutions/"+symbol, "/shifts.atom")
	}
	l := newLab(b)
	server, err := l.StartPages(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, of := range []struct {
		name  string
		paths []string
	}{{"pages", pages}, {"api", answers}} {
		b.Run(of.name, func(b *testing.B) {
			for b.Loop() {
				p, err := l.Pages(server, of.paths)
				if err != nil {
					b.Fatal(err)
				}
				reports(b, map[string]float64{"p50-ms": p.P50, "p99-ms": p.P99, "busy-%-of-a-core": 100 * p.Busy})
			}
		})
	}
}
