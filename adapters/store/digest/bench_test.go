package digest_test

import (
	"fmt"
	"testing"
	"time"

	storedigest "stancebot/adapters/store/digest"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/digest"
)

// addMany adds subscriptions of a platform.
func addMany(b *testing.B, s *storedigest.Store, n int) []digest.Subscription {
	b.Helper()
	all := make([]digest.Subscription, n)
	for i := range all {
		all[i] = digest.Subscription{
			ID: fmt.Sprintf("s%06d", i), Desk: "main", To: bot.Address(fmt.Sprint("slack:T1:C", i)), Kind: digest.Watch, Language: "en", By: "slack:T1:U1",
			Began: noon, Next: noon,
		}
		if err := s.Add(b.Context(), &all[i]); err != nil {
			b.Fatal(err)
		}
	}
	return all
}

// planAll takes a step of each, with deliveries or without.
func planAll(b *testing.B, s *storedigest.Store, all []digest.Subscription, bare bool) {
	b.Helper()
	steps := make([]digest.Step, len(all))
	for i := range all {
		steps[i] = next(&all[i])
		if bare {
			steps[i].Delivery = nil
		}
	}
	taken, err := s.Plan(b.Context(), noon, steps)
	for i := range all {
		if err != nil || !taken[i] {
			b.Fatalf("%s: %v", all[i].ID, err)
		}
		all[i].Cursor, all[i].Next = steps[i].To, steps[i].Next
	}
}

// An entry of the ledger moves 5,000 watches, with a delivery for each or with none.
func BenchmarkPlan(b *testing.B) {
	for name, url := range storetest.Durable() {
		for what, bare := range map[string]bool{"deliveries": false, "none": true} {
			b.Run(name+"/"+what, func(b *testing.B) {
				s := storedigest.New(storetest.Open(b, url(b)))
				all := addMany(b, s, storetest.Size(5000, 100))
				b.ResetTimer()
				for range b.N {
					planAll(b, s, all, bare)
				}
			})
		}
	}
}

// Among as many that wait as are planned, 100 are claimed, and 50 of them recorded, twice.
func BenchmarkDeliver(b *testing.B) {
	for name, url := range storetest.Durable() {
		b.Run(name, func(b *testing.B) {
			s := storedigest.New(storetest.Open(b, url(b)))
			all := addMany(b, s, storetest.Size(1000, 100))
			planAll(b, s, all, false)
			waiting := len(all)
			var claiming, recording time.Duration
			b.ResetTimer()
			for range b.N {
				if waiting < 100 {
					b.StopTimer()
					planAll(b, s, all, false)
					waiting += len(all)
					b.StartTimer()
				}
				start := time.Now()
				tasks, err := s.Claim(b.Context(), digest.Claiming{Platforms: []string{"slack", "telegram"}, Now: noon, Lease: digest.Lease{Owner: "me", Until: noon.Add(time.Minute)}, Limit: 100})
				if err != nil || len(tasks) != 100 {
					b.Fatal(len(tasks), err)
				}
				claiming += time.Since(start)
				waiting -= len(tasks)
				start = time.Now()
				for some := range 2 {
					var recorded []digest.Delivery
					for _, t := range tasks[50*some : 50*some+50] {
						t.Delivery.State, t.Delivery.Done, t.Delivery.Message = digest.Sent, noon, "1799999999.000100"
						recorded = append(recorded, t.Delivery)
					}
					if held, err := s.Record(b.Context(), "me", recorded); err != nil || len(held) != 50 {
						b.Fatal(len(held), err)
					}
				}
				recording += time.Since(start)
			}
			b.ReportMetric(float64(claiming.Microseconds())/1000/float64(b.N), "ms/claim")
			b.ReportMetric(float64(recording.Microseconds())/2000/float64(b.N), "ms/record")
		})
	}
}
