package told

import (
	"strconv"
	"strings"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/told"
)

// topic is what changes of what was told are announced under. Nobody waits for them.
const topic = "told"

// A Store keeps what was told in a database.
type Store struct {
	db    *store.DB
	full  string // the statement that inserts as many tellings as one does
	known known
}

var _ told.Store = (*Store)(nil)

// New returns the store of what was told in a database.
func New(db *store.DB) *Store { return &Store{db: db, full: insertion(db.Dialect(), atOnce)} }

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" what was told in", err)
}

func micros(t time.Time) int64 { return t.UnixMicro() }

// stamp returns what an id of that time begins with. Nothing was told before 1970.
func stamp(t time.Time) string { return hexed(max(0, micros(t)), 16) }

// hexed writes a number in so many digits at least, as each telling's id wants it.
func hexed(n int64, digits int) string {
	text := strconv.FormatInt(n, 16)
	return strings.Repeat("0", max(0, digits-len(text))) + text
}

// plain takes out what PostgreSQL refuses in a text, so that one odd name keeps no batch from being kept.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
