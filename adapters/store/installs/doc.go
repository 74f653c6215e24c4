// Package installs keeps the workspaces of Slack that the app is installed in, on either engine. Tokens are sealed, each bound to its
// workspace and to what it is, so that who reads or exchanges rows gains nothing; a row whose key is missing is told, and stays.
//
// What a workspace subscribed to ends with its install, in the same transaction.
//
// It imports bot/installs, adapters/store and adapters/store/seal.
package installs
