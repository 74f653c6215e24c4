-- +goose Up

-- By which request an entry was recorded, as the log names it: for operators, and no part of what is hashed. An entry that the program made
-- by itself, or that was moved here, has none.
CREATE TABLE ledger_requests (
	desk TEXT NOT NULL,
	seq BIGINT NOT NULL,
	request TEXT NOT NULL,
	PRIMARY KEY (desk, seq)
);
