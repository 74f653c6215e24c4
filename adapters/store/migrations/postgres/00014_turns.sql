-- +goose Up

-- Of what one process at a time may do, which one does it, and until when: microseconds since 1970, UTC, by the database's clock.
CREATE TABLE turns (
	name TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	until BIGINT NOT NULL
);
