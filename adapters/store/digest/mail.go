package digest

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"stancebot/bot/digest"
)

// Mail plans letters, a portion a transaction. Where an earlier portion stands and a later one fails, what was planned is told too.
func (s *Store) Mail(ctx context.Context, letters []digest.Mailing) ([]bool, error) {
	taken := make([]bool, len(letters))
	for from := 0; from < len(letters); from += portion {
		some := letters[from:min(from+portion, len(letters))]
		var planned []bool
		if err := s.write(ctx, topic, func(tx *sql.Tx, _ bool) (err error) {
			planned, err = s.mail(ctx, tx, some)
			return err
		}); err != nil {
			return taken, err
		}
		copy(taken[from:], planned)
	}
	return taken, nil
}

// mail plans letters in one transaction. A letter that is there by its own id was planned by a call whose commit was lost.
func (s *Store) mail(ctx context.Context, tx *sql.Tx, letters []digest.Mailing) ([]bool, error) {
	if err := s.addNotes(ctx, tx, letters); err != nil {
		return nil, err
	}
	rows := make([][]any, len(letters))
	names := make([][2]string, len(letters))
	for i := range letters {
		place, d := &letters[i].Place, &letters[i].Delivery
		row, err := deliveryValues(d, place.ID, place.To.Platform())
		if err != nil {
			return nil, err
		}
		rows[i], names[i] = row, [2]string{plain(place.ID), plain(d.Name)}
	}
	these, err := list(rows)
	if err != nil {
		return nil, err
	}
	added, err := affected(tx.ExecContext(ctx, s.addDeliveries()+" WHERE true ON CONFLICT DO NOTHING", these))
	if err != nil {
		return nil, err
	}
	there, err := s.named(ctx, tx, names)
	if err != nil {
		return nil, err
	}
	planned := make([]bool, len(letters))
	for i := range letters {
		planned[i] = there[name{names[i][0], names[i][1]}] == plain(letters[i].Delivery.ID)
	}
	if added == 0 {
		return planned, errNothing
	}
	return planned, nil
}

const namedDelivery = "SELECT " + deliveryColumns + " FROM digest_deliveries d WHERE d.subscription = $1 AND d.name = $2"

// Named returns a subscription's delivery by its name.
func (s *Store) Named(ctx context.Context, subscription, name string) (*digest.Delivery, error) {
	rows, err := s.db.SQL().QueryContext(ctx, namedDelivery, plain(subscription), plain(name))
	var found *digest.Delivery
	err = each(rows, err, func(scan func(...any) error) error {
		found = &digest.Delivery{}
		return new(row).delivery(found).scan(scan)
	})
	return found, s.explain("read", err)
}

// subscribed are the fields of a subscription that is added among others.
var subscribed = []field{
	{name: "id"},
	{name: "desk"},
	{name: "address"},
	{name: "kind"},
	{name: "about"},
	{name: "schedule"},
	{name: "language"},
	{name: "made_by"},
	{name: "name"},
	{"began_at", true},
	{"cursor", true},
	{"next_at", true},
	{"paused_until", true},
	{"ended_at", true},
	{name: "why"},
	{"version", true},
}

// addNotes adds the notes that are not there, in one order for all, and locks all of them: what erases those without letters comes before
// or after.
func (s *Store) addNotes(ctx context.Context, tx *sql.Tx, letters []digest.Mailing) error {
	notes := map[string][]any{}
	for i := range letters {
		row, err := values(&letters[i].Place)
		if err != nil {
			return err
		}
		if id := plain(letters[i].Place.ID); notes[id] == nil {
			notes[id] = row
		}
	}
	rows := make([][]any, 0, len(notes))
	for _, id := range slices.Sorted(maps.Keys(notes)) {
		rows = append(rows, notes[id])
	}
	these, err := list(rows)
	if err == nil {
		_, err = tx.ExecContext(ctx, s.addSubscriptions(), these)
	}
	return err
}

func (s *Store) addSubscriptions() string {
	return `INSERT INTO digest_subscriptions (id, desk, address, kind, about, schedule, language, made_by, name, began_at, cursor, next_at, paused_until,
		ended_at, why, version) SELECT r.* FROM (` + s.rows(subscribed) + ") AS r WHERE true ON CONFLICT (id) DO UPDATE SET id = excluded.id"
}

// What notes have no letters, and those of them that have none still.
var (
	bareNotes = fmt.Sprintf(`SELECT s.id FROM digest_subscriptions s WHERE s.kind = 'note' AND s.ended_at = 0
		AND NOT EXISTS (SELECT 1 FROM digest_deliveries d WHERE d.subscription = s.id) ORDER BY s.next_at LIMIT %d`, portion)
	dropNotes = `DELETE FROM digest_subscriptions WHERE id IN %s
		AND NOT EXISTS (SELECT 1 FROM digest_deliveries d WHERE d.subscription = digest_subscriptions.id)`
)

// eraseNotes erases notes without letters. They are locked before it is looked again whether they have any: who plans one meanwhile is
// seen, or adds its note anew.
func (s *Store) eraseNotes(ctx context.Context) (int, error) {
	total := 0
	for n := portion; n == portion; total += n {
		if err := s.write(ctx, leases, func(tx *sql.Tx, _ bool) error {
			ids, err := idsOf(tx.QueryContext(ctx, bareNotes+unlocked[s.db.Dialect()]))
			if err != nil {
				return err
			}
			if n = len(ids); n == 0 {
				return errNothing
			}
			these, err := listOf(ids)
			if err == nil {
				n, err = affected(tx.ExecContext(ctx, s.among(dropNotes), these))
			}
			return err
		}); err != nil {
			return total, err
		}
	}
	return total, nil
}
