-- +goose Up

-- What a person says of an answer, by the command that asks for it: the last vote. Times are microseconds since 1970, UTC.
CREATE TABLE feedback (
	desk text NOT NULL,
	command text NOT NULL,
	person text NOT NULL,
	helpful bigint NOT NULL,
	at bigint NOT NULL,
	PRIMARY KEY (desk, command, person)
);

-- By which old votes are found.
CREATE INDEX feedback_at ON feedback (at);
