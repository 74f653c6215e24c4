package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"

	"stancebot/bot/desk"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// prefix begins the name of every variable of the program.
const prefix = "stancebot"

// A config is what the environment sets. Errors name the variable and never its value.
type config struct {
	Corpus   string `desc:"folder whose YAML files overlay the embedded records by name"`
	Language string `default:"en" desc:"language of replies where nothing else decides"`
	Today    string `desc:"the calendar of answers, yyyy-mm-dd, for tests; the running day when empty"`

	DatabaseURL     secret        `split_words:"true" desc:"where the desk's records are kept: sqlite:PATH, sqlite::memory: or postgres://…; a file under the user's data folder when empty"`
	DatabaseURLFile string        `split_words:"true" desc:"a file that holds the URL of the database"`
	AdminAddr       string        `split_words:"true" default:"127.0.0.1:9090" desc:"where operators ask how the program is"`
	Editors         desk.Editors  `desc:"who may change the desk's records: console:ana,telegram:77,slack:T1:U2"`
	FourEyes        bool          `split_words:"true" default:"true" desc:"a change needs a second person's approval"`
	Retention       time.Duration `default:"720h" desc:"how long what was told is kept"`
	LogLevel        slog.Level    `split_words:"true" default:"info" desc:"debug, info, warn or error"`

	SlackBotToken          secret `split_words:"true" desc:"xoxb-…: what the app may do in its workspace"`
	SlackBotTokenFile      string `split_words:"true" desc:"a file that holds it"`
	SlackAppToken          secret `split_words:"true" desc:"xapp-…: Socket Mode, for a program that opens no port"`
	SlackAppTokenFile      string `split_words:"true" desc:"a file that holds it"`
	SlackSigningSecret     secret `split_words:"true" desc:"by which what Slack sends over HTTP is known to be Slack's"`
	SlackSigningSecretFile string `split_words:"true" desc:"a file that holds it"`
	SlackApiURL            string `split_words:"true" desc:"of another Slack, for tests; ends in /api/"` //nolint:revive // the name of the variable is made of its words
	ListenAddr             string `split_words:"true" default:"127.0.0.1:8080" desc:"where platforms send what happens, over HTTP"`
	PublicURL              string `split_words:"true" desc:"of this program's own pages, as readers see it"`
}

// readConfig reads the environment. Unknown and malformed variables under the prefix are errors.
func readConfig() (config, error) {
	var c config
	if err := envconfig.CheckDisallowed(prefix, &c); err != nil {
		return c, fmt.Errorf("%w: correct its name, or unset it", err)
	}
	if err := envconfig.Process(prefix, &c); err != nil {
		if pe := (*envconfig.ParseError)(nil); errors.As(err, &pe) {
			return c, fmt.Errorf("%s: %s", pe.KeyName, wanted(pe))
		}
		return c, err
	}
	if phrases.In(c.Language).Language != c.Language {
		return c, fmt.Errorf("STANCEBOT_LANGUAGE is no language of this program: use one of %s", strings.Join(phrases.Languages(), ", "))
	}
	if c.Retention < time.Hour {
		return c, errors.New("STANCEBOT_RETENTION: keep what was told for an hour at least, such as 720h")
	}
	if err := c.readSecrets(); err != nil {
		return c, err
	}
	if err := c.checkSlack(); err != nil {
		return c, err
	}
	if c.Today != "" {
		if _, err := knowledge.ParseDay(c.Today); err != nil {
			return c, errors.New("STANCEBOT_TODAY is no day: write it as 2026-11-23")
		}
	}
	return c, nil
}

// readSecrets reads the secrets that stand in files.
func (c *config) readSecrets() error {
	for _, s := range []struct {
		value          *secret
		variable, file string
	}{
		{&c.DatabaseURL, "STANCEBOT_DATABASE_URL", c.DatabaseURLFile},
		{&c.SlackBotToken, "STANCEBOT_SLACK_BOT_TOKEN", c.SlackBotTokenFile},
		{&c.SlackAppToken, "STANCEBOT_SLACK_APP_TOKEN", c.SlackAppTokenFile},
		{&c.SlackSigningSecret, "STANCEBOT_SLACK_SIGNING_SECRET", c.SlackSigningSecretFile},
	} {
		if err := fromFile(s.value, s.variable, s.file); err != nil {
			return err
		}
	}
	return nil
}

// checkSlack refuses tokens that stand in each other's place or alone, and addresses that cannot be meant.
func (c *config) checkSlack() error {
	bot, app, signing := c.SlackBotToken.Reveal(), c.SlackAppToken.Reveal(), c.SlackSigningSecret.Reveal()
	switch {
	case bot == "" && app != "":
		return errors.New("STANCEBOT_SLACK_APP_TOKEN is set without STANCEBOT_SLACK_BOT_TOKEN: set both, or neither")
	case bot == "" && signing != "":
		return errors.New("STANCEBOT_SLACK_SIGNING_SECRET is set without STANCEBOT_SLACK_BOT_TOKEN: set both, or neither")
	case bot != "" && !strings.HasPrefix(bot, "xoxb-") && !strings.HasPrefix(bot, "xoxe.xoxb-"):
		return errors.New("STANCEBOT_SLACK_BOT_TOKEN is no bot token: one begins with xoxb-, under OAuth & Permissions")
	case app != "" && !strings.HasPrefix(app, "xapp-"):
		return errors.New("STANCEBOT_SLACK_APP_TOKEN is no app-level token: one begins with xapp-, under Basic Information")
	case bot != "" && app == "" && signing == "":
		return errors.New("STANCEBOT_SLACK_BOT_TOKEN is set alone: add STANCEBOT_SLACK_APP_TOKEN for Socket Mode, or STANCEBOT_SLACK_SIGNING_SECRET for HTTP")
	case c.SlackApiURL != "" && (!isWebAddress(c.SlackApiURL) || !strings.HasSuffix(c.SlackApiURL, "/api/")):
		return errors.New("STANCEBOT_SLACK_API_URL is no address of an API: it begins with http:// or https:// and ends in /api/")
	case c.PublicURL != "" && !isWebAddress(c.PublicURL):
		return errors.New("STANCEBOT_PUBLIC_URL is no web address: write it as https://stancebot.example.org")
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
	case "desk.Editors":
		return pe.Err.Error()
	}
	return "it is no " + pe.TypeName
}
