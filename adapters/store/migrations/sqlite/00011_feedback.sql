-- +goose Up

-- What a person says of an answer, by the command that asks for it: the last vote. Times are microseconds since 1970, UTC.
CREATE TABLE feedback (
	desk TEXT NOT NULL,
	command TEXT NOT NULL,
	person TEXT NOT NULL,
	helpful INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (desk, command, person)
) STRICT, WITHOUT ROWID;

-- By which old votes are found.
CREATE INDEX feedback_at ON feedback (at);
