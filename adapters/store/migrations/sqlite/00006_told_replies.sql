-- +goose Up

-- What was said, once for all that it was told to, by a hash of what it says. The text is as it was sent.
CREATE TABLE told_replies (
	desk TEXT NOT NULL,
	hash BLOB NOT NULL,
	until INTEGER NOT NULL, -- no telling of it is later
	language TEXT NOT NULL,
	intent TEXT NOT NULL,
	countries TEXT NOT NULL, -- JSON, in the order of the reply, "" for none; as the receipts are
	receipts TEXT NOT NULL,
	text BLOB NOT NULL,
	PRIMARY KEY (desk, hash)
) STRICT;

-- By which the replies that are old are found.
CREATE INDEX told_replies_until ON told_replies (until);

-- How often replies were erased, in a row of its own that the first erasure makes: by it those that write see that what they know
-- to stand may not.
CREATE TABLE told_erasures (
	one INTEGER NOT NULL PRIMARY KEY, -- 1
	count INTEGER NOT NULL
) STRICT;

-- What was told before has no hash. The id of the first telling stands for it, which is longer than one and so never met.
INSERT INTO told_replies (desk, hash, until, language, intent, countries, receipts, text)
	SELECT desk, CAST(min(id) AS BLOB), max(at), language, intent, countries, receipts, text
	FROM told GROUP BY desk, language, intent, countries, receipts, text;

DROP TABLE told_receipts;
DROP TABLE told_countries;
ALTER TABLE told RENAME TO told_before;

-- What was told where, by an id that sorts by time. Times are microseconds since 1970, UTC. That a telling's reply stands is seen to
-- by those that write: a foreign key and the index that it needs would cost more than the telling.
CREATE TABLE told (
	desk TEXT NOT NULL,
	id TEXT NOT NULL PRIMARY KEY,
	at INTEGER NOT NULL,
	place TEXT NOT NULL,
	message TEXT NOT NULL,
	private INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	reply BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO told (desk, id, at, place, message, private, seq, reply)
	SELECT desk, id, at, place, message, private, seq,
		CAST(min(id) OVER (PARTITION BY desk, language, intent, countries, receipts, text) AS BLOB)
	FROM told_before;

DROP TABLE told_before;

-- By which the replies that rest on a receipt are found.
CREATE TABLE told_receipts (
	desk TEXT NOT NULL,
	receipt TEXT NOT NULL,
	reply BLOB NOT NULL,
	PRIMARY KEY (desk, receipt, reply),
	FOREIGN KEY (desk, reply) REFERENCES told_replies (desk, hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX told_receipts_reply ON told_receipts (desk, reply);

INSERT INTO told_receipts (desk, receipt, reply)
	SELECT DISTINCT desk, value, hash FROM told_replies, json_each(nullif(receipts, ''));

-- By which the replies about a country are found.
CREATE TABLE told_countries (
	desk TEXT NOT NULL,
	country TEXT NOT NULL,
	reply BLOB NOT NULL,
	PRIMARY KEY (desk, country, reply),
	FOREIGN KEY (desk, reply) REFERENCES told_replies (desk, hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX told_countries_reply ON told_countries (desk, reply);

INSERT INTO told_countries (desk, country, reply)
	SELECT DISTINCT desk, value, hash FROM told_replies, json_each(nullif(countries, ''));
