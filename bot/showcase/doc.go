// Package showcase is a newsroom to try the program in before any platform knows of it: a channel of Slack, a group of Telegram, a
// terminal and an editors' channel whose messages stay in memory, three people, and a clock that is moved by hand.
//
//	an Act (typed, pressed, the clock moved, a platform down) → Newsroom.Do → Program.Answer → a Message in its Place
//	                                                          → settle: Program.Plan, Program.Deliver → a poster → the same Places
//
// The program in it is the real one, over a database in memory: what plans, composes, delivers, records and corrects is what serves
// newsrooms. The platforms alone are played: a poster keeps messages as a chat server does, with threads, edits and ids, may refuse for a
// while, and may take a message and lose its answer.
//
// The Tour is a list of acts in tour.json, told in the words of the catalogue. Nothing in a newsroom depends on the running clock or on
// chance: the same acts show the same, byte for byte.
//
// It imports knowledge, bot, bot/digest, bot/inbox and bot/phrases.
package showcase
