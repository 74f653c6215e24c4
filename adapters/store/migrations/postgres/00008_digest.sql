-- +goose Up

-- What channels subscribed to, by an id that sorts by when it began. Times are microseconds since 1970, UTC, 0 for none.
CREATE TABLE digest_subscriptions (
	id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	desk TEXT COLLATE "C" NOT NULL,
	address TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL, -- digest, watch
	about TEXT NOT NULL, -- JSON, as the schedule is
	schedule TEXT NOT NULL,
	language TEXT NOT NULL,
	made_by TEXT NOT NULL,
	name TEXT NOT NULL, -- of who made it, as the channel knows them
	began_at BIGINT NOT NULL,
	cursor BIGINT NOT NULL, -- the last entry of the desk's ledger that it was told of
	next_at BIGINT NOT NULL,
	paused_until BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	why TEXT NOT NULL,
	version BIGINT NOT NULL
);

-- By which what is due is found: digests by their time, watches by how far they are. Where most are due they are read in order.
CREATE INDEX digest_subscriptions_next ON digest_subscriptions (kind, next_at, desk, id) WHERE ended_at = 0;
CREATE INDEX digest_subscriptions_cursor ON digest_subscriptions (desk, cursor, next_at, id) WHERE kind = 'watch' AND ended_at = 0;
CREATE INDEX digest_subscriptions_order ON digest_subscriptions (desk, id) WHERE ended_at = 0;
CREATE INDEX digest_subscriptions_address ON digest_subscriptions (address, id);
CREATE INDEX digest_subscriptions_ended ON digest_subscriptions (ended_at) WHERE ended_at <> 0;

-- The settings of channels. They have no desk: they are the channel's, whatever it subscribed to.
CREATE TABLE digest_settings (
	address TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	zone TEXT NOT NULL,
	quiet_from BIGINT NOT NULL, -- minutes after midnight, and one; 0 for none
	quiet_till BIGINT NOT NULL,
	empty TEXT NOT NULL, -- on, off, or as the program is set
	editors SMALLINT NOT NULL
);

-- Messages that subscriptions are due, by an id that sorts by when they were planned. Their desk is the subscription's. A lease
-- until 0 is nobody's.
CREATE TABLE digest_deliveries (
	id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	subscription TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	platform TEXT NOT NULL, -- of the subscription's address
	lane TEXT NOT NULL, -- what it shares its pace with
	after_seq BIGINT NOT NULL,
	up_to BIGINT NOT NULL,
	due BIGINT NOT NULL,
	state TEXT NOT NULL,
	not_before BIGINT NOT NULL,
	attempt BIGINT NOT NULL,
	tried_at BIGINT NOT NULL,
	parts BIGINT NOT NULL,
	message TEXT NOT NULL,
	doubted SMALLINT NOT NULL,
	reason TEXT NOT NULL,
	done_at BIGINT NOT NULL,
	ended SMALLINT NOT NULL, -- by its state: neither waiting nor trying
	owner TEXT NOT NULL,
	leased_until BIGINT NOT NULL,
	UNIQUE (subscription, name)
);

-- Those that go on are few, and those that ended are many. By these the few are found among the many. That they are partial
-- keeps engines from taking them for what is better found by its subscription.
CREATE INDEX digest_deliveries_due ON digest_deliveries (platform, due, id, lane, not_before, leased_until) WHERE ended = 0;
CREATE INDEX digest_deliveries_not_before ON digest_deliveries (not_before) WHERE ended = 0;
CREATE INDEX digest_deliveries_lease ON digest_deliveries (leased_until) WHERE ended = 0;
CREATE INDEX digest_deliveries_done ON digest_deliveries (done_at, platform, state, doubted) WHERE ended = 1;
CREATE INDEX digest_deliveries_state ON digest_deliveries (state, id) WHERE ended = 1;
CREATE INDEX digest_deliveries_doubted ON digest_deliveries (id) WHERE doubted = 1;
