-- +goose Up

-- Chats of platforms that were greeted or paused. They have no desk: whose a chat is stands in desk_spaces.
CREATE TABLE chats (
	platform TEXT NOT NULL,
	chat TEXT NOT NULL,
	greeted TEXT NOT NULL, -- by which call first, so that one whose commit was lost knows its own; '' for not
	paused TEXT NOT NULL, -- why nothing can be sent to it; '' where it can
	PRIMARY KEY (platform, chat)
) STRICT, WITHOUT ROWID;
