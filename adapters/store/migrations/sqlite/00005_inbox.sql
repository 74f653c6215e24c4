-- +goose Up

-- Events of chat platforms that were not worked yet, by an id that sorts in order of arrival. They have no desk: whose an event
-- is is known once it is read. Times are microseconds since 1970, UTC; a lease until 0 was given back.
CREATE TABLE inbox_events (
	id TEXT NOT NULL PRIMARY KEY,
	platform TEXT NOT NULL,
	queue BLOB NOT NULL, -- bytes, as keys are: PostgreSQL does not take every character in a text
	at INTEGER NOT NULL,
	body BLOB NOT NULL,
	attempt INTEGER NOT NULL,
	owner TEXT NOT NULL,
	leased_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_events_lease ON inbox_events (platform, leased_until);

-- What names an event at its platform, also of those that were worked: who sends it again is known by it.
CREATE TABLE inbox_keys (
	platform TEXT NOT NULL,
	name BLOB NOT NULL,
	event TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (platform, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_keys_at ON inbox_keys (at);
