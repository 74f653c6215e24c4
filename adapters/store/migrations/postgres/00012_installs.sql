-- +goose Up

-- The workspaces of Slack that the app is installed in; without a team, organisations. Access and refresh are encrypted, bound to their
-- row. Times are microseconds since 1970, UTC; 0 for none. Whoever renews the tokens leases the row.
CREATE TABLE installs (
	enterprise TEXT COLLATE "C" NOT NULL, -- '' for a workspace of no organisation
	team TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	bot_user TEXT NOT NULL,
	app TEXT NOT NULL,
	scopes TEXT NOT NULL,
	installer TEXT NOT NULL,
	installed_at BIGINT NOT NULL,
	access BYTEA NOT NULL,
	refresh BYTEA NOT NULL, -- empty where the access does not expire
	expires_at BIGINT NOT NULL,
	owner TEXT NOT NULL,
	leased_until BIGINT NOT NULL,
	PRIMARY KEY (enterprise, team)
);

CREATE UNIQUE INDEX installs_team ON installs (team) WHERE team <> '';

-- Which organisation each workspace belongs to that an install of an organisation serves, or did.
CREATE TABLE install_teams (
	team TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	enterprise TEXT COLLATE "C" NOT NULL
);

CREATE INDEX install_teams_enterprise ON install_teams (enterprise);

-- Installations that were begun in a browser and have not come back: hashes of two secrets.
CREATE TABLE install_states (
	state BYTEA NOT NULL PRIMARY KEY,
	browser BYTEA NOT NULL,
	until BIGINT NOT NULL
);

CREATE INDEX install_states_until ON install_states (until);

-- Who may change a desk's records, beside those whom the configuration names.
CREATE TABLE desk_editors (
	desk TEXT NOT NULL,
	person TEXT NOT NULL,
	PRIMARY KEY (desk, person)
);
