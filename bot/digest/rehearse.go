package digest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
)

// Deliver sends what is due now, one delivery behind the other, until nothing is, and returns how many it tried. It is for rehearsals by a
// clock that stands still meanwhile: the same deliveries arrive in the same order each time. It does not run beside Run.
func (d *Deliverer) Deliver(ctx context.Context) (tried int, err error) {
	for {
		store := d.o.Store()
		if store == nil {
			return tried, ErrAway
		}
		now := d.o.Now()
		tasks, err := store.Claim(ctx, Claiming{
			Platforms: slices.Sorted(maps.Keys(d.o.Posters)), Now: now, Limit: claimPage, Lease: Lease{d.owner, now.Add(LeaseTime)},
		})
		if err != nil || len(tasks) == 0 {
			return tried, err
		}
		slices.SortStableFunc(tasks, inOrder)
		for i := range tasks {
			if ctx.Err() != nil {
				return tried, ctx.Err()
			}
			d.send(ctx, newLane(d, Pace{}), &tasks[i]) // by a clock that stands still, no pace ever passes
			tried++
		}
	}
}

// inOrder is an order of deliveries that no id has a part in: what is random in those tells apart what was planned at one moment.
func inOrder(a, b Task) int {
	return cmp.Or(
		a.Delivery.Due.Compare(b.Delivery.Due), strings.Compare(string(a.Subscription.To), string(b.Subscription.To)),
		strings.Compare(a.Delivery.Name, b.Delivery.Name),
	)
}
