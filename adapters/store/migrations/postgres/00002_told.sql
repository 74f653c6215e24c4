-- +goose Up

-- What was told where, by an id that sorts by time. Times are microseconds since 1970, UTC. The text is as it was sent.
CREATE TABLE told (
	desk TEXT NOT NULL,
	id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL,
	place TEXT NOT NULL,
	message TEXT NOT NULL,
	private SMALLINT NOT NULL,
	language TEXT NOT NULL,
	intent TEXT NOT NULL,
	countries TEXT NOT NULL, -- JSON, in the order of the reply, "" for none; as the receipts are
	receipts TEXT NOT NULL,
	seq BIGINT NOT NULL,
	text BYTEA NOT NULL
);

CREATE INDEX told_at ON told (at);
CREATE INDEX told_place ON told (desk, place);

-- By which the replies that rest on a receipt are found.
CREATE TABLE told_receipts (
	desk TEXT NOT NULL,
	receipt TEXT NOT NULL,
	told_id TEXT COLLATE "C" NOT NULL REFERENCES told (id) ON DELETE CASCADE,
	PRIMARY KEY (desk, receipt, told_id)
);

CREATE INDEX told_receipts_told ON told_receipts (told_id);

-- By which the replies about a country are found.
CREATE TABLE told_countries (
	desk TEXT NOT NULL,
	country TEXT NOT NULL,
	told_id TEXT COLLATE "C" NOT NULL REFERENCES told (id) ON DELETE CASCADE,
	PRIMARY KEY (desk, country, told_id)
);

CREATE INDEX told_countries_told ON told_countries (told_id);
