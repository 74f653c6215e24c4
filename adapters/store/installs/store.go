package installs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"stancebot/adapters/store"
	"stancebot/adapters/store/seal"
	"stancebot/bot/installs"
)

// topic is what changes are announced under.
const topic = "installs"

// A Store keeps installs in a database.
type Store struct {
	db   *store.DB
	keys *seal.Keys
}

var _ installs.Store = (*Store)(nil)

// New returns the store of the installs in a database, whose tokens are sealed with keys. Without keys all are Sealed, and none can be
// put.
func New(db *store.DB, keys *seal.Keys) *Store { return &Store{db, keys} }

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" installs in", err)
}

// write writes what can be written twice: also where the connection was lost at the commit.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	err := s.db.Write(ctx, topic, f)
	if errors.Is(err, store.ErrUncertain) && ctx.Err() == nil {
		err = s.db.Write(ctx, topic, f)
	}
	return s.explain("write", err)
}

// Changed tells of changes.
func (s *Store) Changed(ctx context.Context) <-chan struct{} { return s.db.Changes(ctx, topic) }

// The columns that are read, in the order of scan.
const columns = "enterprise, team, name, bot_user, app, scopes, installer, installed_at, access, refresh, expires_at"

// A row is an install as the table holds it.
type row struct {
	installs.Install
	at, expires     int64
	access, refresh []byte
}

func (r *row) scan(scan func(...any) error) error {
	return scan(&r.Enterprise, &r.Team, &r.Name, &r.BotUser, &r.App, &r.Scopes, &r.Installer, &r.at, &r.access, &r.refresh, &r.expires)
}

// about is what a sealed token is bound to.
func about(w installs.Workspace, what string) string {
	return strings.Join([]string{"slack", what, w.Enterprise, w.Team}, "\x00")
}

// open returns the install with its tokens, or Sealed. Old tells that a token is sealed with a key that is not the newest.
func (s *Store) open(r *row) (in installs.Install, old bool) {
	in = r.Install
	in.At, in.Expires = timeOf(r.at), timeOf(r.expires)
	access, old1, err := s.unseal(r.access, about(in.Workspace, "access"))
	refresh, old2 := "", false
	if err == nil && len(r.refresh) > 0 {
		refresh, old2, err = s.unseal(r.refresh, about(in.Workspace, "refresh"))
	}
	if err != nil {
		in.Sealed = fmt.Errorf("installs: %s: %w", in.Workspace, err)
		return in, false
	}
	in.Access, in.Refresh = installs.Token(access), installs.Token(refresh)
	return in, old1 || old2
}

func (s *Store) unseal(sealed []byte, about string) (text string, old bool, err error) {
	if s.keys == nil {
		return "", false, installs.ErrSealed
	}
	text, old, err = s.keys.Open(sealed, about)
	if errors.Is(err, seal.ErrNoKey) {
		err = installs.ErrSealed
	}
	return text, old, err
}

// sealed returns tokens as the table holds them.
func (s *Store) sealed(w installs.Workspace, t *installs.Tokens) (access, refresh []byte) {
	access, refresh = s.keys.Seal(t.Access.Reveal(), about(w, "access")), []byte{}
	if t.Refresh != "" {
		refresh = s.keys.Seal(t.Refresh.Reveal(), about(w, "refresh"))
	}
	return access, refresh
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeOf(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// plain replaces what PostgreSQL refuses in a text.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

var errNoKeys = errors.New("installs: there is no key to encrypt with: set STANCEBOT_ENCRYPTION_KEY")

// Put keeps an install in the place of the one of its workspace, which may have come into an organisation meanwhile.
func (s *Store) Put(ctx context.Context, in *installs.Install) error {
	if s.keys == nil {
		return errNoKeys
	}
	if in.Enterprise == "" && in.Team == "" {
		return errors.New("installs: an install of nowhere")
	}
	access, refresh := s.sealed(in.Workspace, &in.Tokens)
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM installs WHERE team = $1 AND (team <> '' OR enterprise = $2)", plain(in.Team), plain(in.Enterprise)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO installs ("+columns+", owner, leased_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0)",
			plain(in.Enterprise), plain(in.Team), plain(in.Name), plain(in.BotUser), plain(in.App), plain(in.Scopes), plain(in.Installer),
			micros(in.At), access, refresh, micros(in.Expires))
		return err
	})
}

// serving finds what serves a workspace: its own install goes before its organisation's.
const serving = "SELECT " + columns + ` FROM installs WHERE team = $1 AND team <> ''
	OR team = '' AND enterprise = (SELECT enterprise FROM install_teams WHERE team = $1) ORDER BY team DESC LIMIT 1`

// Find returns the install that serves a workspace.
func (s *Store) Find(ctx context.Context, team string) (installs.Install, error) {
	var r row
	err := r.scan(s.db.SQL().QueryRowContext(ctx, serving, plain(team)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return installs.Install{}, installs.ErrNone
	}
	if err != nil {
		return installs.Install{}, s.explain("read", err)
	}
	in, _ := s.open(&r)
	if in.Team == "" {
		in.Teams = []string{team}
	}
	return in, nil
}

// Join notes that a workspace belongs to an organisation.
func (s *Store) Join(ctx context.Context, w installs.Workspace) error {
	none := false
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM installs WHERE enterprise = $1 AND team = ''", plain(w.Enterprise)).Scan(&n)
		if none = n == 0; err != nil || none {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO install_teams (team, enterprise) VALUES ($1, $2)
			ON CONFLICT (team) DO UPDATE SET enterprise = excluded.enterprise`, plain(w.Team), plain(w.Enterprise))
		return err
	})
	if err == nil && none {
		return installs.ErrNone
	}
	return err
}

// List lists all installs.
func (s *Store) List(ctx context.Context) ([]installs.Install, error) {
	rows, err := s.rows(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]installs.Install, len(rows))
	for i := range rows {
		list[i], _ = s.open(&rows[i])
		if in := &list[i]; in.Team == "" {
			if in.Teams, err = s.Teams(ctx, in.Enterprise); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func (s *Store) rows(ctx context.Context) ([]row, error) {
	found, err := s.db.SQL().QueryContext(ctx, "SELECT "+columns+" FROM installs ORDER BY enterprise, team")
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer found.Close()
	var rows []row
	for found.Next() {
		var r row
		if err := r.scan(found.Scan); err != nil {
			return nil, s.explain("read", err)
		}
		rows = append(rows, r)
	}
	return rows, s.explain("read", found.Err())
}

// Teams lists the workspaces that are or were known to be an organisation's.
func (s *Store) Teams(ctx context.Context, enterprise string) ([]string, error) {
	found, err := s.db.SQL().QueryContext(ctx, "SELECT team FROM install_teams WHERE enterprise = $1 ORDER BY team", plain(enterprise))
	if err != nil {
		return nil, s.explain("read", err)
	}
	teams, err := texts(found)
	return teams, s.explain("read", err)
}

func texts(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	var list []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}
