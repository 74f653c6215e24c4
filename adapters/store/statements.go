package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// openKeeping opens a database of SQLite whose connections keep their statements. The driver compiles a statement at each call, which
// takes longer than most of ours run; PostgreSQL's keeps them by itself.
func openKeeping(dsn string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{connector}), nil
}

// keeping connects by connections that keep their statements.
type keeping struct{ driver.Connector }

// Connect opens a connection.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(errOther, c.Close())
	}
	return &keepingConn{whole, map[string]sqliteStmt{}}, nil
}

// errOther tells that the driver has parts that are not those below.
var errOther = errors.New("the driver of SQLite is another one")

// What the driver's parts can do, all of which the pool makes use of.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.ExecerContext
		driver.QueryerContext
		driver.Pinger
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	sqliteRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeLength
		driver.RowsColumnTypeNullable
		driver.RowsColumnTypePrecisionScale
		driver.RowsColumnTypeScanType
	}
)

// mostKept is how many statements a connection keeps, of some kilobytes each.
const mostKept = 100

// A keepingConn is a connection that keeps its statements. The pool has it used by one at a time.
type keepingConn struct {
	sqliteConn
	idle map[string]sqliteStmt // by their texts; one that runs is not among them
}

// Close closes what is kept, and the connection.
func (c *keepingConn) Close() error {
	var errs []error
	for _, s := range c.idle {
		errs = append(errs, s.Close())
	}
	clear(c.idle)
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// take returns a statement that nobody uses.
func (c *keepingConn) take(ctx context.Context, text string) (sqliteStmt, error) {
	if s := c.idle[text]; s != nil {
		delete(c.idle, text)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	whole, ok := s.(sqliteStmt)
	if !ok {
		return nil, errors.Join(errOther, s.Close())
	}
	return whole, nil
}

// give keeps a statement that has run, but for one that failed. Where there is no room another one goes, whichever.
func (c *keepingConn) give(text string, s sqliteStmt, failed error) error {
	if failed != nil || c.idle[text] != nil {
		return s.Close()
	}
	for other, old := range c.idle {
		if len(c.idle) < mostKept {
			break
		}
		delete(c.idle, other)
		if err := old.Close(); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	c.idle[text] = s
	return nil
}

// ExecContext runs a statement. One without values is none that runs often: it may be a script of several, too.
func (c *keepingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.sqliteConn.ExecContext(ctx, text, args)
	}
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err2 := c.give(text, s, err); err == nil {
		err = err2
	}
	return result, err
}

// QueryContext runs a statement that has rows.
func (c *keepingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) == 0 {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close() // what it failed with is what counts
		return nil, err
	}
	whole, ok := r.(sqliteRows)
	if !ok {
		return nil, errors.Join(errOther, r.Close(), s.Close())
	}
	return &keptRows{whole, c, text, s}, nil
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	sqliteRows
	conn *keepingConn
	text string
	stmt sqliteStmt
}

// Close ends the rows.
func (r *keptRows) Close() error {
	err := r.sqliteRows.Close()
	if s := r.stmt; s != nil {
		r.stmt = nil
		if err2 := r.conn.give(r.text, s, err); err == nil {
			err = err2
		}
	}
	return err
}
