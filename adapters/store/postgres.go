package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// A server is a database of PostgreSQL.
type server struct{ config *pgx.ConnConfig }

func openPostgres(url string, o *Options) (*sql.DB, engine, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil { // the error may quote the password
		return nil, nil, errors.New("the URL of PostgreSQL cannot be read: write postgres://user:password@host:5432/database, " +
			"with %XX for what is neither a letter nor a digit in the password")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "stancebot"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(o.Conns)
	db.SetMaxIdleConns(o.Conns)
	return db, &server{config}, nil
}

func (s *server) dialect() Dialect { return PostgreSQL }

func (s *server) String() string {
	return fmt.Sprintf("PostgreSQL at %s, database %s, user %s", s.config.Host, s.config.Database, s.config.User)
}

func (s *server) check(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) }

// lock is one of PostgreSQL's advisory locks, looked for each second, for five minutes.
func (s *server) lock() (goose.ProviderOption, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return goose.WithSessionLocker(locker), nil
}

// advice is by the code of PostgreSQL's error, or by its first two letters, its class.
var advice = map[string]string{
	"28":    "it refuses the user or the password: correct them in the URL, or in pg_hba.conf",
	"3D000": "there is no such database: create it",
	"42501": "the user lacks a right: see deploy/postgres-role.sql; migrations need the owner of the tables",
	"53100": "there is no room left on its disk: make room, and what was refused can be sent again",
	"53300": "it has no connection free: raise max_connections",
	"57P03": "it is starting or stopping: wait for it",
	"25006": "it is a replica or read-only: name the primary",
	"XX001": "its data are damaged: restore them from a backup",
	"XX002": "an index is damaged: REINDEX, or restore the data from a backup",
}

func (s *server) advise(err error) string {
	if code := sqlState(err); code != "" {
		if said := advice[code]; said != "" {
			return said
		}
		return advice[code[:2]]
	}
	if s.weigh(err) == away {
		return "it cannot be reached: look whether it runs, and whether the URL names its host and port"
	}
	return ""
}

// sqlState returns the code of PostgreSQL's error, or "" for an error of another kind.
func sqlState(err error) string {
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) && len(e.Code) == 5 {
		return e.Code
	}
	return ""
}

func (s *server) weigh(err error) trouble {
	code := sqlState(err)
	switch {
	case code == "40001", code == "40P01", code == "55P03": // serialisation, deadlock, lock not to be had
		return conflict
	case strings.HasPrefix(code, "57P0"), strings.HasPrefix(code, "08"), code == "53300":
		return away
	case code != "", errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fatal
	}
	network := net.Error(nil)
	refused := (*pgconn.ConnectError)(nil)
	if errors.As(err, &network) || errors.As(err, &refused) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err) {
		return away
	}
	return fatal
}

// channel is the name under which a topic is announced.
func channel(topic string) string { return "stancebot_" + topic }

func (s *server) announce(ctx context.Context, tx *sql.Tx, topic string) error {
	_, err := tx.ExecContext(ctx, "SELECT pg_notify($1, '')", channel(topic))
	return err
}

// watch listens on a connection of its own.
func (s *server) watch(ctx context.Context, topic string, signal func()) error {
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only listened on
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel(topic)}.Sanitize()); err != nil {
		return err
	}
	for {
		signal()
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
	}
}
