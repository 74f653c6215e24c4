// Package talk remembers what was last asked in a conversation, so that "and chile?" and "why?" are understood. The
// memory is bounded in number and in time, and lives as long as the process.
//
// It imports knowledge and bot/question.
package talk
