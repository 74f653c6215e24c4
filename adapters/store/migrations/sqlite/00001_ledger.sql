-- +goose Up

-- The bytes are those that were hashed. Rows here are added and never changed.
CREATE TABLE ledger_entries (
	desk TEXT NOT NULL,
	seq INTEGER NOT NULL,
	id INTEGER NOT NULL,
	hash BLOB NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (desk, seq),
	UNIQUE (desk, id)
) STRICT;

-- The end of each chain. Its row is what an append locks.
CREATE TABLE ledger_heads (
	desk TEXT NOT NULL PRIMARY KEY,
	seq INTEGER NOT NULL,
	last_id INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;

-- How far each chain was verified.
CREATE TABLE ledger_checkpoints (
	desk TEXT NOT NULL PRIMARY KEY,
	seq INTEGER NOT NULL,
	last_id INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;

-- Which desk a Slack workspace or a Telegram chat belongs to.
CREATE TABLE desk_spaces (
	platform TEXT NOT NULL,
	space TEXT NOT NULL,
	desk TEXT NOT NULL,
	PRIMARY KEY (platform, space)
) STRICT;
