package slack

import (
	"context"

	"stancebot/bot/installs"
)

// Install has the app installed by a code, without a browser.
func Install(ctx context.Context, a *Adapter, code string) (*installs.Install, error) {
	return a.install(ctx, code)
}
