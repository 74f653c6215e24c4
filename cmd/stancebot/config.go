package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"

	"stancebot/adapters/store/seal"
	"stancebot/adapters/web"
	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/quota"
	"stancebot/knowledge"
)

// prefix begins the name of every variable of the program.
const prefix = "stancebot"

// A config is what the environment sets. Errors name the variable and never its value.
type config struct {
	Corpus   string `desc:"folder whose YAML files overlay the embedded records by name"`
	Language string `default:"en" desc:"language of replies where nothing else decides"`
	Today    string `desc:"the calendar of answers, yyyy-mm-dd, for tests; the running day when empty"`

	DatabaseURL     secret              `split_words:"true" desc:"where the desk's records are kept: sqlite:PATH, sqlite::memory: or postgres://…; a file under the user's data folder when empty"`
	DatabaseURLFile string              `split_words:"true" desc:"a file that holds the URL of the database"`
	AdminAddr       string              `split_words:"true" default:"127.0.0.1:9090" desc:"where operators ask how the program is"`
	Editors         desk.Editors        `desc:"who may change the desk's records: console:ana,telegram:77,slack:T1:U2"`
	EditorNames     desk.Names          `split_words:"true" desc:"what readers are told that editors are called: slack:T1:U2=Ana Paz; without a name, a correction says that the desk approved it"`
	FourEyes        bool                `split_words:"true" default:"true" desc:"a change needs a second person's approval"`
	Proposals       string              `default:"everyone" desc:"who may propose a change of the desk's records: everyone who may ask, or editors"`
	DeskChannel     bot.Address         `split_words:"true" desc:"where editors decide what is proposed: slack:T1:C2 or telegram:-100200"`
	RepeatPolicy    digest.RepeatPolicy `split_words:"true" default:"resend" desc:"what becomes of a digest that may have arrived, where the platform does not tell: resend, marked as possibly repeated, or hold"`
	QuietEmpty      bool                `split_words:"true" desc:"no digest comes that has nothing to tell, unless its channel wants it"`
	Timezone        string              `default:"UTC" desc:"of channels that name none, as the IANA names it: America/Lima"`
	Retention       time.Duration       `default:"720h" desc:"how long what was told is kept"`
	Quotas          quota.Quotas        `desc:"what one workspace or chat may have, beside the usual: questions=600/min,waiting=1000,subscriptions=500,proposals=50,told=10000/hour,pictures=4; none for any number"`
	LogLevel        slog.Level          `split_words:"true" default:"info" desc:"debug, info, warn or error"`
	LogFormat       logFormat           `split_words:"true" default:"text" desc:"how the log is written: text, which is keys and values, or json"`

	SlackBotToken             secret `split_words:"true" desc:"xoxb-…: what the app may do in its workspace"`
	SlackBotTokenFile         string `split_words:"true" desc:"a file that holds it"`
	SlackAppToken             secret `split_words:"true" desc:"xapp-…: Socket Mode, for a program that opens no port"`
	SlackAppTokenFile         string `split_words:"true" desc:"a file that holds it"`
	SlackSigningSecret        secret `split_words:"true" desc:"by which what Slack sends over HTTP is known to be Slack's"`
	SlackSigningSecretFile    string `split_words:"true" desc:"a file that holds it"`
	SlackClientID             string `split_words:"true" desc:"of the app, for one that many workspaces install"`
	SlackClientSecret         secret `split_words:"true" desc:"by which Slack knows the app when a workspace installs it"`
	SlackClientSecretFile     string `split_words:"true" desc:"a file that holds it"`
	SlackTokenRotation        bool   `split_words:"true" desc:"the app's tokens expire, as it is set at Slack, which cannot be taken back: tokens that do not are exchanged for such"`
	EncryptionKey             secret `split_words:"true" desc:"by which workspaces' tokens are encrypted in the database: 32 random bytes as base64 or hexadecimal digits; several parted by commas, of which the first encrypts"`
	EncryptionKeyFile         string `split_words:"true" desc:"a file that holds it"`
	SlackApiURL               string `split_words:"true" desc:"of another Slack, for tests; ends in /api/"` //nolint:revive // the name of the variable is made of its words
	TelegramToken             secret `split_words:"true" desc:"of the bot, from @BotFather"`
	TelegramTokenFile         string `split_words:"true" desc:"a file that holds it"`
	TelegramApiURL            string `split_words:"true" desc:"of another Telegram, for tests; without /bot"` //nolint:revive // likewise
	TelegramWebhookURL        string `split_words:"true" desc:"where Telegram sends updates; it is asked for them where this is empty"`
	TelegramWebhookSecret     secret `split_words:"true" desc:"by which what Telegram sends is known to be Telegram's"`
	TelegramWebhookSecretFile string `split_words:"true" desc:"a file that holds it"`

	ListenAddr   string     `split_words:"true" default:"127.0.0.1:8080" desc:"where pages are shown and platforms send what happens, over HTTP"`
	PublicURL    string     `split_words:"true" desc:"of this program's own pages, as readers see it"`
	WebAccess    web.Access `split_words:"true" default:"loopback" desc:"who may see the pages: loopback, who sits at this machine; public, everybody; token, who knows the token"`
	WebToken     secret     `split_words:"true" desc:"by which readers of the pages are known, and without which nobody sees who recorded what"`
	WebTokenFile string     `split_words:"true" desc:"a file that holds it"`
}

// everyone is who may propose, unless that is set otherwise.
const everyone = "everyone"

// deskChannelForm is how a channel of Slack, or a chat of Telegram or a topic of one, is written.
var deskChannelForm = regexp.MustCompile(`^(slack:T[A-Z0-9]+:[CG][A-Z0-9]+|telegram:-?\d+(:\d+)?)$`)

// An unreadError tells that the environment could not be read to its end, so that nothing is known of what it sets.
type unreadError struct{ error }

// readConfig reads the environment. Unknown and malformed variables under the prefix are errors. With any but an
// *unreadError it returns what the others set.
func readConfig() (config, error) {
	var c config
	if err := envconfig.CheckDisallowed(prefix, &c); err != nil {
		return config{}, &unreadError{fmt.Errorf("%w: correct its name, or unset it", err)}
	}
	if err := envconfig.Process(prefix, &c); err != nil {
		if pe := (*envconfig.ParseError)(nil); errors.As(err, &pe) {
			err = fmt.Errorf("%s: %s", pe.KeyName, wanted(pe))
		}
		return config{}, &unreadError{err}
	}
	if err := c.readSecrets(); err != nil {
		return config{}, &unreadError{err}
	}
	return c, errors.Join(c.check(), c.checkWeb(), c.checkSlack(), c.checkOAuth(), c.checkTelegram())
}

// check refuses values that cannot be meant.
func (c *config) check() error {
	var errs []error
	if phrases.In(c.Language).Language != c.Language {
		errs = append(errs, fmt.Errorf("STANCEBOT_LANGUAGE is no language of this program: use one of %s", strings.Join(phrases.Languages(), ", ")))
	}
	if c.Retention < time.Hour {
		errs = append(errs, errors.New("STANCEBOT_RETENTION: keep what was told for an hour at least, such as 720h"))
	}
	if _, err := knowledge.ParseDay(c.Today); c.Today != "" && err != nil {
		errs = append(errs, errors.New("STANCEBOT_TODAY is no day: write it as 2026-11-23"))
	}
	if c.Proposals != everyone && c.Proposals != "editors" {
		errs = append(errs, errors.New("STANCEBOT_PROPOSALS is neither everyone nor editors"))
	}
	if a := c.DeskChannel; a != "" && !deskChannelForm.MatchString(string(a)) {
		errs = append(errs, errors.New("STANCEBOT_DESK_CHANNEL is no channel: write it as slack:T1:C2 or telegram:-100200"))
	}
	if c.RepeatPolicy != digest.Resend && c.RepeatPolicy != digest.Hold {
		errs = append(errs, errors.New("STANCEBOT_REPEAT_POLICY is neither resend nor hold"))
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
		errs = append(errs, errors.New("STANCEBOT_TIMEZONE is no time zone: write it as America/Lima"))
	}
	if c.PublicURL != "" && !isWebAddress(c.PublicURL) {
		errs = append(errs, errors.New("STANCEBOT_PUBLIC_URL is no web address: write it as https://stancebot.example.org"))
	}
	for _, a := range []struct{ variable, addr string }{{"STANCEBOT_ADMIN_ADDR", c.AdminAddr}, {"STANCEBOT_LISTEN_ADDR", c.ListenAddr}} {
		if a.addr == "" { // which would be any port, for everybody
			errs = append(errs, fmt.Errorf("%s is empty: unset it, or write an address such as 127.0.0.1:9090", a.variable))
		}
	}
	return errors.Join(errs...)
}

// readSecrets reads the secrets that stand in files.
func (c *config) readSecrets() error {
	var errs []error
	for _, s := range []struct {
		value          *secret
		variable, file string
	}{
		{&c.DatabaseURL, "STANCEBOT_DATABASE_URL", c.DatabaseURLFile},
		{&c.SlackBotToken, "STANCEBOT_SLACK_BOT_TOKEN", c.SlackBotTokenFile},
		{&c.SlackAppToken, "STANCEBOT_SLACK_APP_TOKEN", c.SlackAppTokenFile},
		{&c.SlackSigningSecret, "STANCEBOT_SLACK_SIGNING_SECRET", c.SlackSigningSecretFile},
		{&c.SlackClientSecret, "STANCEBOT_SLACK_CLIENT_SECRET", c.SlackClientSecretFile},
		{&c.EncryptionKey, "STANCEBOT_ENCRYPTION_KEY", c.EncryptionKeyFile},
		{&c.TelegramToken, "STANCEBOT_TELEGRAM_TOKEN", c.TelegramTokenFile},
		{&c.TelegramWebhookSecret, "STANCEBOT_TELEGRAM_WEBHOOK_SECRET", c.TelegramWebhookSecretFile},
		{&c.WebToken, "STANCEBOT_WEB_TOKEN", c.WebTokenFile},
	} {
		errs = append(errs, fromFile(s.value, s.variable, s.file))
	}
	return errors.Join(errs...)
}

// checkWeb refuses an access that there is not, and a token that is guessed or missing.
func (c *config) checkWeb() error {
	token := c.WebToken.Reveal()
	var errs []error
	if !slices.Contains(web.Accesses, c.WebAccess) {
		errs = append(errs, errors.New("STANCEBOT_WEB_ACCESS is none of loopback, public and token"))
	}
	if token != "" && len(token) < web.LeastToken {
		errs = append(errs, fmt.Errorf("STANCEBOT_WEB_TOKEN is guessed too easily: it needs %d characters at least", web.LeastToken))
	}
	if token == "" && c.WebAccess == web.WithToken {
		errs = append(errs, errors.New("STANCEBOT_WEB_ACCESS is token, and STANCEBOT_WEB_TOKEN is not set: set it"))
	}
	return errors.Join(errs...)
}

// checkSlack refuses tokens that stand in each other's place or alone, and addresses that cannot be meant.
func (c *config) checkSlack() error {
	bot, app, signing := c.SlackBotToken.Reveal(), c.SlackAppToken.Reveal(), c.SlackSigningSecret.Reveal()
	var errs []error
	for _, p := range []struct {
		wrong bool
		says  string
	}{
		{bot == "" && app != "" && !c.installable(), "STANCEBOT_SLACK_APP_TOKEN is set without STANCEBOT_SLACK_BOT_TOKEN: set both, or neither"},
		{bot == "" && signing != "" && !c.installable(), "STANCEBOT_SLACK_SIGNING_SECRET is set without STANCEBOT_SLACK_BOT_TOKEN: set both, or neither"},
		{
			bot != "" && !strings.HasPrefix(bot, "xoxb-") && !strings.HasPrefix(bot, "xoxe.xoxb-"),
			"STANCEBOT_SLACK_BOT_TOKEN is no bot token: one begins with xoxb-, under OAuth & Permissions",
		},
		{app != "" && !strings.HasPrefix(app, "xapp-"), "STANCEBOT_SLACK_APP_TOKEN is no app-level token: one begins with xapp-, under Basic Information"},
		{
			bot != "" && app == "" && signing == "",
			"STANCEBOT_SLACK_BOT_TOKEN is set alone: add STANCEBOT_SLACK_APP_TOKEN for Socket Mode, or STANCEBOT_SLACK_SIGNING_SECRET for HTTP",
		},
		{
			c.SlackApiURL != "" && (!isWebAddress(c.SlackApiURL) || !strings.HasSuffix(c.SlackApiURL, "/api/")),
			"STANCEBOT_SLACK_API_URL is no address of an API: it begins with http:// or https:// and ends in /api/",
		},
	} {
		if p.wrong {
			errs = append(errs, errors.New(p.says))
		}
	}
	return errors.Join(errs...)
}

// installable reports whether people can install the app in their workspaces.
func (c *config) installable() bool {
	return c.SlackClientID != "" && c.SlackClientSecret != "" && c.EncryptionKey != "" && c.SlackSigningSecret != ""
}

// checkOAuth refuses half of what an app needs that many workspaces install, and a key that is none.
func (c *config) checkOAuth() error {
	var errs []error
	if c.SlackClientID != "" || c.SlackClientSecret != "" {
		for _, v := range []struct {
			missing  bool
			variable string
		}{
			{c.SlackClientID == "", "STANCEBOT_SLACK_CLIENT_ID"},
			{c.SlackClientSecret == "", "STANCEBOT_SLACK_CLIENT_SECRET"},
			{c.SlackSigningSecret == "", "STANCEBOT_SLACK_SIGNING_SECRET"},
			{c.EncryptionKey == "", "STANCEBOT_ENCRYPTION_KEY"},
		} {
			if v.missing {
				errs = append(errs, fmt.Errorf("%s is not set: an app that many workspaces install needs it, as its client ID and secret, its signing secret and a key", v.variable))
			}
		}
	}
	if c.SlackTokenRotation && !c.installable() {
		errs = append(errs, errors.New("STANCEBOT_SLACK_TOKEN_ROTATION is set for no workspaces: it needs STANCEBOT_SLACK_CLIENT_ID and what goes with that"))
	}
	_, err := c.keys()
	return errors.Join(append(errs, err)...)
}

// keys are those that tokens are encrypted with, nil for none.
func (c *config) keys() (*seal.Keys, error) {
	if c.EncryptionKey == "" {
		return nil, nil
	}
	keys, err := seal.Parse(c.EncryptionKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("STANCEBOT_ENCRYPTION_KEY: %w", err)
	}
	return keys, nil
}

var (
	telegramTokenForm  = regexp.MustCompile(`^\d+:[\w-]+$`)
	webhookSecretForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	telegramHookPath   = "/telegram/webhook"
	leastWebhookSecret = 16 // characters: a shorter one is guessed
)

// checkTelegram refuses a token that is none, and a webhook that Telegram would not take or anybody could call.
func (c *config) checkTelegram() error {
	token, secret := c.TelegramToken.Reveal(), c.TelegramWebhookSecret.Reveal()
	switch {
	case token == "" && (c.TelegramWebhookURL != "" || secret != ""):
		return errors.New("STANCEBOT_TELEGRAM_WEBHOOK_… is set without STANCEBOT_TELEGRAM_TOKEN: set both, or neither")
	case token != "" && !telegramTokenForm.MatchString(token):
		return errors.New("STANCEBOT_TELEGRAM_TOKEN is no token: one is a number, a colon and letters, from @BotFather")
	case c.TelegramApiURL != "" && !isWebAddress(c.TelegramApiURL):
		return errors.New("STANCEBOT_TELEGRAM_API_URL is no web address: write it without /bot")
	case c.TelegramWebhookURL != "" && (!isWebAddress(c.TelegramWebhookURL) || !strings.HasSuffix(c.TelegramWebhookURL, telegramHookPath)):
		return errors.New("STANCEBOT_TELEGRAM_WEBHOOK_URL is no address of ours: write it as https://stancebot.example.org" + telegramHookPath)
	case c.TelegramWebhookURL != "" && (!webhookSecretForm.MatchString(secret) || len(secret) < leastWebhookSecret):
		return errors.New("STANCEBOT_TELEGRAM_WEBHOOK_SECRET: a webhook needs one of 16 to 256 letters, figures, _ and -")
	}
	return nil
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// wanted tells what a variable should hold, and never what it holds.
func wanted(pe *envconfig.ParseError) string {
	switch pe.TypeName {
	case "bool":
		return "write true or false"
	case "time.Duration":
		return "write hours, minutes or seconds, such as 720h"
	case "slog.Level":
		return "write debug, info, warn or error"
	case "main.logFormat":
		return "write text or json"
	case "desk.Editors", "desk.Names", "quota.Quotas":
		return pe.Err.Error()
	}
	return "it is no " + pe.TypeName
}
