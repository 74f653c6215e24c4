package slack

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"stancebot/bot/installs"
)

const (
	theInstalls  = "the installs"
	clientID     = "STANCEBOT_SLACK_CLIENT_ID"
	mostTried    = 200 // installs
	triedAtATime = 8
)

// noCode is a code that Slack never gave: what it says of it tells whether it knows the client.
const noCode = "stancebot-doctor"

// DiagnoseInstalls tries by what people install the app, and the token of each install, and returns what it found, each with what mends
// it. It needs the OAuth and the addresses of the Options, and says nothing in Slack.
func DiagnoseInstalls(ctx context.Context, o Options, list []installs.Install) []Finding {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: callLimit}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	findings := []Finding{o.tryClient(ctx)}
	if o.PublicURL == "" {
		findings = append(findings, Finding{Note, "STANCEBOT_PUBLIC_URL", "is not set: who installs the app comes back to the first address that Slack knows under OAuth & Permissions"})
	}
	return append(findings, o.tryInstalls(ctx, list)...)
}

// tryClient tries the client's ID and secret.
func (o *Options) tryClient(ctx context.Context) Finding {
	a := &Adapter{Options: *o}
	_, err := a.fetchGrant(ctx, "oauth.v2.access", url.Values{"code": {noCode}})
	switch code := wordOf(err); {
	case code == "invalid_code" || code == "bad_redirect_uri":
		return Finding{Fine, clientID, "is known to Slack, with its secret"}
	case operators[code]:
		return Finding{Fix, clientID, fmt.Sprintf("or its secret is wrong: Slack says %s: copy both anew, under Basic Information", code)}
	case code == "":
		return Finding{Fix, clientID, "is not tried: Slack cannot be reached: " + unreached(err)}
	default:
		return Finding{Fix, clientID, fmt.Sprintf("is not tried: Slack says %s: try again later", code)}
	}
}

// tryInstalls tries each token.
func (o *Options) tryInstalls(ctx context.Context, list []installs.Install) []Finding {
	findings := make([]Finding, min(len(list), mostTried))
	var trying sync.WaitGroup
	room := make(chan struct{}, triedAtATime)
	for i := range findings {
		room <- struct{}{}
		trying.Go(func() {
			defer func() { <-room }()
			findings[i] = o.tryInstall(ctx, &list[i])
		})
	}
	trying.Wait()
	fine, kept := 0, findings[:0]
	for _, f := range findings {
		if f.State == Fine {
			fine++
			continue
		}
		kept = append(kept, f)
	}
	says := fmt.Sprintf("are %d; Slack takes the tokens of %d that were tried", len(list), fine)
	if len(list) == 0 {
		says = "are none yet: people install the app at /slack/install"
	}
	return append([]Finding{{Fine, theInstalls, says}}, kept...)
}

func (o *Options) tryInstall(ctx context.Context, in *installs.Install) Finding {
	about := "the install in " + in.Workspace.String()
	if in.Sealed != nil {
		return Finding{Fix, about, "cannot be used: " + in.Sealed.Error() + ": add that key behind the others, or have the app installed there again"}
	}
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	_, err := slack.New(in.Access.Reveal(), apiOptions(o)...).AuthTestContext(ctx)
	switch code := wordOf(err); {
	case err == nil:
		return Finding{Fine, about, ""}
	case code == "":
		return Finding{Fix, about, "is not tried: Slack cannot be reached: " + unreached(err)}
	case passing[code]:
		return Finding{Note, about, fmt.Sprintf("is not tried: Slack says %s: try again later", code)}
	case code == "token_expired" && in.Refresh != "":
		return Finding{Note, about, "has a token that has expired: serve renews it"}
	default:
		return Finding{Fix, about, fmt.Sprintf("is refused: Slack says %s: have the app installed there again, or run stancebot desks remove %s", strings.TrimSpace(code), in.Workspace)}
	}
}
