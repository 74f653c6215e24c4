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

-- It looks whether the database is newer than itself.
GRANT SELECT ON migrations TO stancebot;

-- Entries are added and read.
GRANT SELECT, INSERT ON ledger_entries TO stancebot;

-- The end of a chain moves, and so does the mark of how far it was verified.
GRANT SELECT, INSERT, UPDATE ON ledger_heads, ledger_checkpoints TO stancebot;

GRANT SELECT, INSERT, UPDATE, DELETE ON desk_spaces TO stancebot;
