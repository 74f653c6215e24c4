-- +goose Up

-- The chats of platforms that something is known of: whether they were greeted, and why nothing can be sent there, '' where it
-- can. Whose desk a chat belongs to stands in desk_spaces.
CREATE TABLE chats (
	platform TEXT NOT NULL,
	chat TEXT NOT NULL,
	greeted INTEGER NOT NULL,
	paused TEXT NOT NULL,
	PRIMARY KEY (platform, chat)
);
