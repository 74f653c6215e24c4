// Package feedback is what readers say of answers: that one helped, or that it is wrong. Of one person's votes on an answer the last one
// counts. What is wrong leads on to a correction, or to a question for the desk.
//
// It imports knowledge, bot, bot/edits and bot/phrases.
package feedback
