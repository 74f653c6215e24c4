-- +goose Up

-- What channels subscribed to, by an id that sorts by when it began. Times are microseconds since 1970, UTC, 0 for none.
CREATE TABLE digest_subscriptions (
	id TEXT NOT NULL PRIMARY KEY,
	desk TEXT NOT NULL,
	address TEXT NOT NULL,
	kind TEXT NOT NULL, -- digest, watch
	about TEXT NOT NULL, -- JSON, as the schedule is
	schedule TEXT NOT NULL,
	language TEXT NOT NULL,
	made_by TEXT NOT NULL,
	name TEXT NOT NULL, -- of who made it, as the channel knows them
	began_at INTEGER NOT NULL,
	cursor INTEGER NOT NULL, -- the last entry of the desk's ledger that it was told of
	next_at INTEGER NOT NULL,
	paused_until INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	why TEXT NOT NULL,
	version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- By which what is due is found: digests by their time, watches by how far they are. Where most are due they are read in order.
CREATE INDEX digest_subscriptions_next ON digest_subscriptions (kind, next_at, desk, id) WHERE ended_at = 0;
CREATE INDEX digest_subscriptions_cursor ON digest_subscriptions (desk, cursor, next_at, id) WHERE kind = 'watch' AND ended_at = 0;
CREATE INDEX digest_subscriptions_order ON digest_subscriptions (desk, id) WHERE ended_at = 0;
CREATE INDEX digest_subscriptions_address ON digest_subscriptions (address, id);
CREATE INDEX digest_subscriptions_ended ON digest_subscriptions (ended_at) WHERE ended_at <> 0;

-- The settings of channels. They have no desk: they are the channel's, whatever it subscribed to.
CREATE TABLE digest_settings (
	address TEXT NOT NULL PRIMARY KEY,
	zone TEXT NOT NULL,
	quiet_from INTEGER NOT NULL, -- minutes after midnight, and one; 0 for none
	quiet_till INTEGER NOT NULL,
	empty TEXT NOT NULL, -- on, off, or as the program is set
	editors INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages that subscriptions are due, by an id that sorts by when they were planned. Their desk is the subscription's. A lease
-- until 0 is nobody's.
CREATE TABLE digest_deliveries (
	id TEXT NOT NULL PRIMARY KEY,
	subscription TEXT NOT NULL,
	name TEXT NOT NULL,
	platform TEXT NOT NULL, -- of the subscription's address
	lane TEXT NOT NULL, -- what it shares its pace with
	after_seq INTEGER NOT NULL,
	up_to INTEGER NOT NULL,
	due INTEGER NOT NULL,
	state TEXT NOT NULL,
	not_before INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	tried_at INTEGER NOT NULL,
	parts INTEGER NOT NULL,
	message TEXT NOT NULL,
	doubted INTEGER NOT NULL,
	reason TEXT NOT NULL,
	done_at INTEGER NOT NULL,
	ended INTEGER NOT NULL, -- by its state: neither waiting nor trying
	owner TEXT NOT NULL,
	leased_until INTEGER NOT NULL,
	UNIQUE (subscription, name)
) STRICT, WITHOUT ROWID;

-- Those that go on are few, and those that ended are many. By these the few are found among the many. That they are partial
-- keeps engines from taking them for what is better found by its subscription.
CREATE INDEX digest_deliveries_due ON digest_deliveries (platform, due, id, lane, not_before, leased_until) WHERE ended = 0;
CREATE INDEX digest_deliveries_not_before ON digest_deliveries (not_before) WHERE ended = 0;
CREATE INDEX digest_deliveries_lease ON digest_deliveries (leased_until) WHERE ended = 0;
CREATE INDEX digest_deliveries_done ON digest_deliveries (done_at, platform, state, doubted) WHERE ended = 1;
CREATE INDEX digest_deliveries_state ON digest_deliveries (state, id) WHERE ended = 1;
CREATE INDEX digest_deliveries_doubted ON digest_deliveries (id) WHERE doubted = 1;
