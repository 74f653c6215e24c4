-- A user for the running program that adds entries to the ledger and cannot change or delete one.
--
-- Migrations are for the owner of the tables: start each new version once with the owner's URL in STANCEBOT_DATABASE_URL, then
--     psql OWNERS-URL -f postgres-role.sql
--     psql OWNERS-URL -c '\password stancebot'
-- and start it with the URL of the user stancebot. This file can be run again at any time.

DO $$ BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stancebot') THEN
		CREATE ROLE stancebot LOGIN;
	END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM stancebot;

-- What was told can be erased, schedules move, jobs come and go.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO stancebot;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stancebot;

-- Entries of the ledger are added and read, and nothing else.
REVOKE UPDATE, DELETE ON ledger_entries, ledger_requests FROM stancebot;

-- The end of a chain moves, and so does the mark of how far it was verified; neither goes away.
REVOKE DELETE ON ledger_heads, ledger_checkpoints FROM stancebot;

-- It looks whether the database is newer than itself.
REVOKE INSERT, UPDATE, DELETE ON migrations, river_migration FROM stancebot;
