-- +goose Up

-- What was said, once for all that it was told to, by a hash of what it says. The text is as it was sent.
CREATE TABLE told_replies (
	desk TEXT NOT NULL,
	hash BYTEA NOT NULL,
	until BIGINT NOT NULL, -- no telling of it is later
	language TEXT NOT NULL,
	intent TEXT NOT NULL,
	countries TEXT NOT NULL, -- JSON, in the order of the reply, "" for none; as the receipts are
	receipts TEXT NOT NULL,
	text BYTEA NOT NULL,
	PRIMARY KEY (desk, hash)
);

-- By which the replies that are old are found.
CREATE INDEX told_replies_until ON told_replies (until);

-- How often replies were erased, in a row of its own that the first erasure makes: by it those that write see that what they know
-- to stand may not.
CREATE TABLE told_erasures (
	one BIGINT NOT NULL PRIMARY KEY, -- 1
	count BIGINT NOT NULL
);

-- What was told before has no hash. The id of the first telling stands for it, which is longer than one and so never met.
INSERT INTO told_replies (desk, hash, until, language, intent, countries, receipts, text)
	SELECT desk, convert_to(min(id), 'UTF8'), max(at), language, intent, countries, receipts, text
	FROM told GROUP BY desk, language, intent, countries, receipts, text;

DROP TABLE told_receipts;
DROP TABLE told_countries;

-- A telling holds where and when, and names what was said. Erasing goes by the id, which sorts by time. That a telling's reply
-- stands is seen to by those that write: a foreign key and the index that it needs would cost more than the telling.
ALTER TABLE told ADD COLUMN reply BYTEA;

UPDATE told SET reply = said.reply
	FROM (SELECT id, convert_to(min(id) OVER (PARTITION BY desk, language, intent, countries, receipts, text), 'UTF8') AS reply FROM told) AS said
	WHERE said.id = told.id;

ALTER TABLE told
	ALTER COLUMN reply SET NOT NULL,
	DROP COLUMN language,
	DROP COLUMN intent,
	DROP COLUMN countries,
	DROP COLUMN receipts,
	DROP COLUMN text;

DROP INDEX told_at;
DROP INDEX told_place;

-- By which the replies that rest on a receipt are found.
CREATE TABLE told_receipts (
	desk TEXT NOT NULL,
	receipt TEXT NOT NULL,
	reply BYTEA NOT NULL,
	PRIMARY KEY (desk, receipt, reply),
	FOREIGN KEY (desk, reply) REFERENCES told_replies (desk, hash) ON DELETE CASCADE
);

CREATE INDEX told_receipts_reply ON told_receipts (desk, reply);

INSERT INTO told_receipts (desk, receipt, reply)
	SELECT DISTINCT desk, value, hash FROM told_replies, json_array_elements_text(CAST(nullif(receipts, '') AS json)) AS each (value);

-- By which the replies about a country are found.
CREATE TABLE told_countries (
	desk TEXT NOT NULL,
	country TEXT NOT NULL,
	reply BYTEA NOT NULL,
	PRIMARY KEY (desk, country, reply),
	FOREIGN KEY (desk, reply) REFERENCES told_replies (desk, hash) ON DELETE CASCADE
);

CREATE INDEX told_countries_reply ON told_countries (desk, reply);

INSERT INTO told_countries (desk, country, reply)
	SELECT DISTINCT desk, value, hash FROM told_replies, json_array_elements_text(CAST(nullif(countries, '') AS json)) AS each (value);
