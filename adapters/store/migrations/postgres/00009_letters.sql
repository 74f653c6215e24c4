-- +goose Up

-- What a delivery is to say that tells of no stretch of the ledger: a letter to one place, as JSON; '' for digests and alerts. It hangs
-- on a subscription of the kind note, which is never due.
ALTER TABLE digest_deliveries ADD COLUMN letter TEXT NOT NULL DEFAULT '';
