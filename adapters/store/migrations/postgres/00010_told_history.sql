-- +goose Up

-- The command that asks the same, so that what was told can be answered anew; "" where there is none.
ALTER TABLE told_replies ADD COLUMN command TEXT NOT NULL DEFAULT '';

-- Where what is told is not kept. It has no desk: it is the channel's, whoever tells there.
CREATE TABLE told_silent (
	place TEXT COLLATE "C" NOT NULL PRIMARY KEY
);
