package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/slack-go/slack"

	"stancebot/bot/installs"
)

// dead are what Slack says of a token that nobody can use any more.
var dead = map[string]bool{"account_inactive": true, "token_revoked": true, "invalid_auth": true}

// Revoke takes the app out of a workspace or an organisation: by the client's ID and secret it is uninstalled, and without them its token
// is revoked. That it is out already is no error.
func Revoke(ctx context.Context, o Options, in *installs.Install) error {
	if in.Sealed != nil {
		return in.Sealed
	}
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: callLimit}
	}
	api := slack.New(in.Access.Reveal(), apiOptions(&o)...)
	err := revoke(ctx, api, o.OAuth)
	switch code := codeOf(err); {
	case err == nil || dead[code]:
		return nil
	case code != "":
		return fmt.Errorf("slack says %s", wordOf(err))
	}
	return errors.New("slack cannot be reached: " + unreached(err))
}

func revoke(ctx context.Context, api *slack.Client, app *OAuth) error {
	if app != nil && app.ClientID != "" && app.ClientSecret != "" {
		return api.UninstallAppContext(ctx, app.ClientID, app.ClientSecret)
	}
	_, err := api.SendAuthRevokeContext(ctx, "")
	return err
}
