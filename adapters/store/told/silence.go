package told

import (
	"context"
	"database/sql"

	"stancebot/bot/told"
)

// Silence sets whether what is told in a place is not to be kept.
func (s *Store) Silence(ctx context.Context, place told.Place, silent bool) (changed bool, err error) {
	statement := "DELETE FROM told_silent WHERE place = $1"
	if silent {
		statement = "INSERT INTO told_silent (place) VALUES ($1) ON CONFLICT (place) DO NOTHING"
	}
	err = s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, statement, plain(string(place))))
		changed = n > 0
		return err
	})
	return changed, s.explain("set what is kept of", err)
}

// Silent lists the places where nothing is kept.
func (s *Store) Silent(ctx context.Context) ([]told.Place, error) {
	rows, err := s.db.SQL().QueryContext(ctx, "SELECT place FROM told_silent ORDER BY place")
	if err != nil {
		return nil, s.explain("read what is kept of", err)
	}
	defer rows.Close()
	var places []told.Place
	for rows.Next() {
		var p told.Place
		if err := rows.Scan(&p); err != nil {
			return nil, s.explain("read what is kept of", err)
		}
		places = append(places, p)
	}
	return places, s.explain("read what is kept of", rows.Err())
}
