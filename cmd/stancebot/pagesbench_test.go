//go:build linux

package main

import (
	"flag"
	"fmt"
	"net/url"
	"testing"
	"time"

	"stancebot/bot/bottest"
	"stancebot/knowledge/places"
)

// pagesASecond is how many pages a second BenchmarkPages asks for: more than a newsroom does on an election night.
const pagesASecond = 500

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
	server := startServer(b, -1, "stancebot", []string{built(b), "serve"}, "STANCEBOT_LISTEN_ADDR",
		"STANCEBOT_ADMIN_ADDR="+freeAddr(b), "STANCEBOT_DATABASE_URL=sqlite::memory:")
	for _, of := range []struct {
		name  string
		paths []string
	}{{"pages", pages}, {"api", answers}} {
		b.Run(of.name, func(b *testing.B) { loadPages(b, server, of.paths) })
	}
}

// loadPages asks for paths in turn.
func loadPages(b *testing.B, server *benchServer, paths []string) {
	b.Helper()
	window := 3 * time.Second // a connection that is not needed meanwhile is closed after five
	if flag.Lookup("test.benchtime").Value.String() == "1x" {
		window = 200 * time.Millisecond
	}
	requests := make([][]byte, count(pagesASecond, window))
	for i := range requests {
		requests[i] = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: es\r\n\r\n", paths[i%len(paths)], server.addr)
	}
	var p50, p99 []float64
	for b.Loop() {
		before := server.computed(b)
		l := load{addr: server.addr, connections: benchConnections, interval: time.Second / pagesASecond, core: -1}
		result, err := l.run(requests)
		if err != nil {
			b.Fatal(err)
		}
		p50, p99 = append(p50, microseconds(result.took, 50)/1000), append(p99, microseconds(result.took, 99)/1000)
		server.rates = append(server.rates, (server.computed(b)-before).Seconds()/window.Seconds())
	}
	b.ReportMetric(0, "ns/op") // an operation here is a measurement
	b.ReportMetric(median(p50), "p50-ms")
	b.ReportMetric(median(p99), "p99-ms")
	b.ReportMetric(100*median(server.rates), "busy-%-of-a-core")
	server.rates = nil
}
