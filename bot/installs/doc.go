// Package installs knows the workspaces of Slack that the app is installed in, each with a token of its own.
//
//	browser → State, once → Slack → Install → Store (tokens sealed) → Directory (in every process) → who calls Slack
//	                                             ↑
//	                 Rotation: a token that expires is renewed by one process, two hours before
//
// An install is of a workspace, or of a whole organisation: then it serves each of its workspaces, which are learnt one by one from what
// Slack sends. Whose token serves a workspace is never guessed: where none is installed it is ErrNone.
//
// The package imports the standard library alone.
package installs
