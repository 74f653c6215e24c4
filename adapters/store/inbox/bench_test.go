package inbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	storeinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/inbox"
)

// Events are received by some at a time, while those that came are worked.
func BenchmarkReceive(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, receivers := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/%d", engine, receivers), func(b *testing.B) {
				s := storeinbox.New(storetest.Open(b, storetest.Durable()[engine](b)))
				in := inbox.New(inbox.Options{
					Platform: "slack", Store: func() inbox.Store { return s }, Now: time.Now,
					Work: func(context.Context, inbox.Event) error { return nil },
				})
				ctx, end := context.WithCancel(b.Context())
				defer end()
				var running, all sync.WaitGroup
				running.Go(func() {
					if err := in.Run(ctx); err != nil {
						b.Error(err)
					}
				})
				body := make([]byte, 2000)
				times := make([]time.Duration, b.N)
				next := make(chan int)
				b.ResetTimer()
				for range receivers {
					all.Go(func() {
						for i := range next {
							start := time.Now()
							e := inbox.Event{Keys: []string{fmt.Sprint("Ev", i), fmt.Sprint("C1:", i)}, Queue: fmt.Sprint(i % 50), Body: body}
							if fresh, err := in.Receive(b.Context(), e); err != nil || !fresh {
								b.Errorf("fresh: %v, %v", fresh, err)
							}
							times[i] = time.Since(start)
						}
					})
				}
				for i := range b.N {
					next <- i
				}
				close(next)
				all.Wait()
				b.StopTimer()
				end()
				running.Wait()
				slices.Sort(times)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
				b.ReportMetric(float64(times[(b.N*99)/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric(float64(in.Stats().InMemory), "in-memory")
			})
		}
	}
}
