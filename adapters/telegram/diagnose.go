package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The states of a Finding.
const (
	Fine = "ok"
	Note = "note" // off by choice, or worth knowing
	Fix  = "fix"  // wrong
)

// A Finding is what came of trying one setting: About and Says make a sentence, for operators. It holds no secret.
type Finding struct{ State, About, Says string }

// tokenName is the setting that is tried, by the name that operators know it by.
const tokenName = "STANCEBOT_TELEGRAM_TOKEN" //nolint:gosec // a name

// Diagnose tries what connects with Telegram and returns what it found, each with what mends it. It needs the token and the
// addresses of the Options, says nothing in any chat and takes no updates.
func Diagnose(ctx context.Context, o Options) []Finding {
	if o.Token == "" {
		return []Finding{{Note, "Telegram", "is not set up: set " + tokenName + "; deploy/telegram/README.md tells where it is"}}
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	o.Meter, o.Now = unheard{}, time.Now
	c := newClient(&o, &health{})
	me, err := c.call(ctx, "getMe", nil)
	if err != nil {
		return []Finding{refusedToken(err)}
	}
	var us struct {
		Username string `json:"username"`
		Inline   bool   `json:"supports_inline_queries"`
		Reads    bool   `json:"can_read_all_group_messages"`
	}
	if err := json.Unmarshal(me, &us); err != nil {
		return []Finding{{Fix, "STANCEBOT_TELEGRAM_API_URL", "answers, and not as Telegram does: correct it"}}
	}
	findings := []Finding{{Fine, tokenName, fmt.Sprintf("is that of the bot @%s", us.Username)}}
	if !us.Inline {
		findings = append(findings, Finding{Note, "inline mode", "is off: answers cannot be shared to other chats; turn it on with /setinline at @BotFather"})
	}
	if us.Reads {
		findings = append(findings, Finding{Note, "privacy mode", "is off: the bot is sent all that is said in its groups, and leaves it alone; turn it on with /setprivacy at @BotFather"})
	}
	return append(findings, o.diagnoseHook(ctx, c))
}

func refusedToken(err error) Finding {
	if no := (*refusedError)(nil); errors.As(err, &no) {
		return Finding{Fix, tokenName, "is refused: " + no.Error() + ": copy it anew from @BotFather"}
	}
	return Finding{Fix, "Telegram", "does not answer: " + err.Error() + ": mend the way to it, or correct STANCEBOT_TELEGRAM_API_URL"}
}

// diagnoseHook tells how updates come, and what hinders them.
func (o *Options) diagnoseHook(ctx context.Context, c *client) Finding {
	const about = "updates"
	result, err := c.call(ctx, "getWebhookInfo", nil)
	var hook struct {
		URL     string `json:"url"`
		Pending int    `json:"pending_update_count"`
		Last    string `json:"last_error_message"`
	}
	if err == nil {
		err = json.Unmarshal(result, &hook)
	}
	switch {
	case err != nil:
		return Finding{Note, about, "could not be asked about: " + err.Error()}
	case o.WebhookURL == "" && hook.URL != "":
		return Finding{Note, about, fmt.Sprintf("go to a webhook of another program now, %d wait: serve asks for them itself, and ends that", hook.Pending)}
	case o.WebhookURL != "" && hook.URL == o.WebhookURL && hook.Last != "":
		return Finding{Fix, about, "do not reach the webhook: Telegram says " + hook.Last}
	}
	return Finding{Fine, about, fmt.Sprintf("can be taken, %d wait", hook.Pending)}
}

// unheard hears nothing of what is measured.
type unheard struct{}

// Event hears nothing.
func (unheard) Event(string, string) {}

// Call hears nothing.
func (unheard) Call(string, string, time.Duration) {}
