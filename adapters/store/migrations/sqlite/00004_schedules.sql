-- +goose Up

-- When what is done on a schedule is due next, in microseconds since 1970, UTC. What is done once for all desks has no desk.
CREATE TABLE schedules (
	desk TEXT NOT NULL,
	name TEXT NOT NULL,
	next_at INTEGER NOT NULL,
	PRIMARY KEY (desk, name)
) STRICT, WITHOUT ROWID;

-- The records of the corpus as each desk last saw them: the version, and a fingerprint of each.
CREATE TABLE desk_versions (
	desk TEXT NOT NULL PRIMARY KEY,
	version TEXT NOT NULL,
	fingerprints BLOB NOT NULL
) STRICT;
