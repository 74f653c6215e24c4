// Package talk remembers what was last asked in a conversation, so that "and chile?" and "why?" are understood, and how
// much each person asked of late, so that a flood ends in silence. Both memories are bounded in number and in time, and
// live as long as the process.
//
// It imports knowledge and bot/question.
package talk
