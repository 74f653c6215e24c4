package versions

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"stancebot/adapters/store"
	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// topic is what changes are announced under. Nobody waits for them.
const topic = "versions"

// A Store keeps versions in a database.
type Store struct{ db *store.DB }

var _ desk.Versions = (*Store)(nil)

// New returns the store of the versions in a database.
func New(db *store.DB) *Store { return &Store{db} }

// Seen returns what a desk saw last, or nil where it has seen none.
func (s *Store) Seen(ctx context.Context, id knowledge.DeskID) (*desk.Version, error) {
	v, packed := &desk.Version{Records: map[desk.RecordID]string{}}, []byte(nil)
	err := s.db.SQL().QueryRowContext(ctx, "SELECT version, fingerprints FROM desk_versions WHERE desk = $1", id).Scan(&v.Version, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // it has seen none
	}
	if err != nil {
		return nil, s.db.Explain("read the version from", err)
	}
	var files map[string]map[string]string
	if err := json.Unmarshal(packed, &files); err != nil {
		return nil, fmt.Errorf("versions: what desk %s saw last cannot be read: %w", id, err)
	}
	for file, records := range files {
		for record, fingerprint := range records {
			v.Records[desk.RecordID{File: file, ID: record}] = fingerprint
		}
	}
	return v, nil
}

// Save keeps what a desk saw.
func (s *Store) Save(ctx context.Context, id knowledge.DeskID, v *desk.Version) error {
	files := map[string]map[string]string{}
	for record, fingerprint := range v.Records {
		if files[record.File] == nil {
			files[record.File] = map[string]string{}
		}
		files[record.File][record.ID] = fingerprint
	}
	packed, err := json.Marshal(files)
	if err != nil {
		return fmt.Errorf("versions: %w", err)
	}
	return s.db.Explain("save the version in", s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO desk_versions (desk, version, fingerprints) VALUES ($1, $2, $3)
			ON CONFLICT (desk) DO UPDATE SET version = excluded.version, fingerprints = excluded.fingerprints`, id, v.Version, packed)
		return err
	}))
}
