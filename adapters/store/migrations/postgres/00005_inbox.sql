-- +goose Up

-- Events of chat platforms that were not worked yet, by an id that sorts in order of arrival. They have no desk: whose an event
-- is is known once it is read. Times are microseconds since 1970, UTC; a lease until 0 was given back.
CREATE TABLE inbox_events (
	id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	platform TEXT NOT NULL,
	queue BYTEA NOT NULL, -- bytes, as keys are: PostgreSQL does not take every character in a text
	at BIGINT NOT NULL,
	body BYTEA NOT NULL,
	attempt BIGINT NOT NULL,
	owner TEXT NOT NULL,
	leased_until BIGINT NOT NULL
);

CREATE INDEX inbox_events_lease ON inbox_events (platform, leased_until);

-- What names an event at its platform, also of those that were worked: who sends it again is known by it.
CREATE TABLE inbox_keys (
	platform TEXT NOT NULL,
	name BYTEA NOT NULL,
	event TEXT COLLATE "C" NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (platform, name)
);

CREATE INDEX inbox_keys_at ON inbox_keys (at);
