package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
)

func BenchmarkAppend(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, writers := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/%d", engine, writers), func(b *testing.B) {
				s := storeledger.New(storetest.Open(b, storetest.Durable()[engine](b)))
				times := make([]time.Duration, b.N)
				next := make(chan int)
				b.ResetTimer()
				var all sync.WaitGroup
				for range writers {
					all.Go(func() {
						for i := range next {
							start := time.Now()
							if _, err := s.Append(b.Context(), desk, adaptertest.Draft(i)); err != nil {
								b.Error(err)
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
				slices.Sort(times)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
				b.ReportMetric(float64(times[(b.N*99)/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
