package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/bot/request"
)

// A value that no error may hold.
const hunter = "hunter2-hunter2-hunter2"

// each environment is wrong, and the error names a variable and what to do.
func TestErrorsNameTheVariableAndNotItsValue(t *testing.T) {
	for name, test := range map[string]struct {
		set  map[string]string
		want string
	}{
		"unknown":                  {map[string]string{"TOKEN": hunter}, "STANCEBOT_TOKEN: correct its name, or unset it"},
		"log level":                {map[string]string{"LOG_LEVEL": hunter}, "STANCEBOT_LOG_LEVEL: write debug, info, warn or error"},
		"four eyes":                {map[string]string{"FOUR_EYES": hunter}, "STANCEBOT_FOUR_EYES: write true or false"},
		"retention":                {map[string]string{"RETENTION": hunter}, "STANCEBOT_RETENTION: write hours, minutes or seconds, such as 720h"},
		"a short retention":        {map[string]string{"RETENTION": "59m"}, "STANCEBOT_RETENTION: keep what was told for an hour at least"},
		"editors":                  {map[string]string{"EDITORS": "console:ana," + hunter}, "STANCEBOT_EDITORS: editor 2 of the list: want platform and person"},
		"quotas":                   {map[string]string{"QUOTAS": "told=none,questions=" + hunter}, "STANCEBOT_QUOTAS: quota 2 of the list: questions: want a number"},
		"log format":               {map[string]string{"LOG_FORMAT": hunter}, "STANCEBOT_LOG_FORMAT: write text or json"},
		"language":                 {map[string]string{"LANGUAGE": hunter}, "STANCEBOT_LANGUAGE is no language of this program: use one of en"},
		"today":                    {map[string]string{"TODAY": hunter}, "STANCEBOT_TODAY is no day: write it as 2026-11-23"},
		"time zone":                {map[string]string{"TIMEZONE": hunter}, "STANCEBOT_TIMEZONE is no time zone: write it as America/Lima"},
		"the machine's time zone":  {map[string]string{"TIMEZONE": "Local"}, "STANCEBOT_TIMEZONE is no time zone: write it as America/Lima"},
		"a file for a time zone":   {map[string]string{"TIMEZONE": "../" + hunter}, "STANCEBOT_TIMEZONE is no time zone: write it as America/Lima"},
		"repeat policy":            {map[string]string{"REPEAT_POLICY": hunter}, "STANCEBOT_REPEAT_POLICY is neither resend nor hold"},
		"quiet empty":              {map[string]string{"QUIET_EMPTY": hunter}, "STANCEBOT_QUIET_EMPTY: write true or false"},
		"no admin address":         {map[string]string{"ADMIN_ADDR": ""}, "STANCEBOT_ADMIN_ADDR is empty: unset it, or write an address"},
		"no address":               {map[string]string{"LISTEN_ADDR": ""}, "STANCEBOT_LISTEN_ADDR is empty: unset it, or write an address"},
		"an app token alone":       {map[string]string{"SLACK_APP_TOKEN": "xapp-" + hunter}, "STANCEBOT_SLACK_APP_TOKEN is set without STANCEBOT_SLACK_BOT_TOKEN: set both"},
		"a signing secret alone":   {map[string]string{"SLACK_SIGNING_SECRET": hunter}, "STANCEBOT_SLACK_SIGNING_SECRET is set without STANCEBOT_SLACK_BOT_TOKEN: set both"},
		"a bot token alone":        {map[string]string{"SLACK_BOT_TOKEN": "xoxb-" + hunter}, "STANCEBOT_SLACK_BOT_TOKEN is set alone: add STANCEBOT_SLACK_APP_TOKEN for Socket Mode"},
		"no bot token":             {map[string]string{"SLACK_BOT_TOKEN": "xoxp-" + hunter, "SLACK_APP_TOKEN": "xapp-1"}, "STANCEBOT_SLACK_BOT_TOKEN is no bot token: one begins with xoxb-"},
		"no app token":             {map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": hunter}, "STANCEBOT_SLACK_APP_TOKEN is no app-level token: one begins with xapp-"},
		"no address of an API":     {map[string]string{"SLACK_API_URL": hunter + "/api/"}, "STANCEBOT_SLACK_API_URL is no address of an API"},
		"an address without /api/": {map[string]string{"SLACK_API_URL": "https://" + hunter}, "STANCEBOT_SLACK_API_URL is no address of an API: it begins with http:// or https:// and ends in /api/"},
		"a client alone":           {map[string]string{"SLACK_CLIENT_ID": hunter}, "STANCEBOT_ENCRYPTION_KEY is not set: an app that many workspaces install needs it"},
		"a client without its secret": {
			map[string]string{"SLACK_CLIENT_ID": "1.2", "ENCRYPTION_KEY": testKey, "SLACK_SIGNING_SECRET": hunter, "SLACK_BOT_TOKEN": "xoxb-1"}, "STANCEBOT_SLACK_CLIENT_SECRET is not set",
		},
		"a key that is none":        {map[string]string{"ENCRYPTION_KEY": hunter}, "STANCEBOT_ENCRYPTION_KEY: key 1 of the list: want 32 random bytes"},
		"a second key that is none": {map[string]string{"ENCRYPTION_KEY": testKey + "," + hunter}, "STANCEBOT_ENCRYPTION_KEY: key 2 of the list"},
		"rotation of nothing":       {map[string]string{"SLACK_TOKEN_ROTATION": "true"}, "STANCEBOT_SLACK_TOKEN_ROTATION is set for no workspaces"},
		"no web address":            {map[string]string{"PUBLIC_URL": "ftp://" + hunter}, "STANCEBOT_PUBLIC_URL is no web address: write it as https://"},
		"web access":                {map[string]string{"WEB_ACCESS": hunter}, "STANCEBOT_WEB_ACCESS is none of loopback, public and token"},
		"a token that is guessed":   {map[string]string{"WEB_TOKEN": "hunter2"}, "STANCEBOT_WEB_TOKEN is guessed too easily: it needs 16 characters at least"},
		"no token":                  {map[string]string{"WEB_ACCESS": "token"}, "STANCEBOT_WEB_ACCESS is token, and STANCEBOT_WEB_TOKEN is not set: set it"},
		"a token in two places":     {map[string]string{"WEB_TOKEN": hunter, "WEB_TOKEN_FILE": "hunter2"}, "STANCEBOT_WEB_TOKEN and STANCEBOT_WEB_TOKEN_FILE are both set: unset one"},
		"both":                      {map[string]string{"SLACK_BOT_TOKEN": hunter, "SLACK_BOT_TOKEN_FILE": "hunter2"}, "STANCEBOT_SLACK_BOT_TOKEN and STANCEBOT_SLACK_BOT_TOKEN_FILE are both set: unset one"},
		"an absent file":            {map[string]string{"SLACK_APP_TOKEN_FILE": "/absent/hunter2"}, "STANCEBOT_SLACK_APP_TOKEN_FILE: the file cannot be read: no such file"},
		"an empty file":             {map[string]string{"SLACK_SIGNING_SECRET_FILE": os.DevNull}, "STANCEBOT_SLACK_SIGNING_SECRET_FILE: the file is empty"},
		"a file of another": {
			map[string]string{"SLACK_BOT_TOKEN_FILE": fileOf(t, hunter), "SLACK_APP_TOKEN": "xapp-1"}, "STANCEBOT_SLACK_BOT_TOKEN is no bot token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.set {
				t.Setenv("STANCEBOT_"+variable, value)
			}
			_, err := readConfig()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error is %v, want …%s…", err, test.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the value is told: %v", err)
			}
		})
	}
}

// What is wrong is told all at once.
func TestAllErrorsAreTold(t *testing.T) {
	t.Setenv("STANCEBOT_LANGUAGE", "tlh")
	t.Setenv("STANCEBOT_SLACK_APP_TOKEN", "xapp-1")
	c, err := readConfig()
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("error is %v, want two lines", err)
	}
	if unread := (*unreadError)(nil); errors.As(err, &unread) || c.SlackAppToken.Reveal() != "xapp-1" {
		t.Errorf("what is set is not read: %v", err)
	}
}

// Of an app that many workspaces install, the four that belong together are enough.
func TestAnAppForManyNeedsNoBotToken(t *testing.T) {
	set(t, map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET_FILE": fileOf(t, "hunter2\n"), "SLACK_SIGNING_SECRET": testSigning, "ENCRYPTION_KEY_FILE": fileOf(t, testKey+","+otherKey+"\n")})
	c, err := readConfig()
	if err != nil || !c.installable() || c.SlackClientSecret.Reveal() != "hunter2" {
		t.Errorf("%v", err)
	}
}

func TestSecretsStandInFiles(t *testing.T) {
	t.Setenv("STANCEBOT_DATABASE_URL_FILE", fileOf(t, "sqlite::memory:\n"))
	t.Setenv("STANCEBOT_SLACK_BOT_TOKEN_FILE", fileOf(t, "xoxb-1\n"))
	t.Setenv("STANCEBOT_SLACK_APP_TOKEN_FILE", fileOf(t, " xapp-1 \r\n"))
	t.Setenv("STANCEBOT_SLACK_SIGNING_SECRET_FILE", fileOf(t, "0123"))
	t.Setenv("STANCEBOT_WEB_TOKEN_FILE", fileOf(t, "a token of the newsroom\n"))
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL.Reveal() != "sqlite::memory:" || c.SlackBotToken.Reveal() != "xoxb-1" || c.SlackAppToken.Reveal() != "xapp-1" ||
		c.SlackSigningSecret.Reveal() != "0123" || c.WebToken.Reveal() != "a token of the newsroom" {
		t.Error("a secret is not the one of its file")
	}
	if c.AdminAddr != "127.0.0.1:9090" || c.ListenAddr != "127.0.0.1:8080" || !c.FourEyes || c.LogLevel != slog.LevelInfo {
		t.Errorf("other variables are not as they are by default: %+v", c)
	}
}

// fileOf returns the path of a file that holds a text.
func fileOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLog(t *testing.T) {
	t.Setenv("STANCEBOT_LOG_LEVEL", "warn")
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	log := newLog(&lines, c.LogLevel, logText)
	ctx := request.With(t.Context(), "01KB7Q2M0ZJ4W8XD")
	log.InfoContext(ctx, "below")
	log.WarnContext(ctx, "here", "error", errors.New("a b"))
	log.With("desk", "main").WarnContext(ctx, "there")
	log.WithGroup("slack").WarnContext(ctx, "inside", "n", 1)
	log.WarnContext(t.Context(), "outside")
	log.WarnContext(t.Context(), "secret", "token", secret(hunter), "config", config{SlackBotToken: hunter})
	got := lines.String()
	for _, want := range []string{
		`level=WARN msg=here error="a b" request=01KB7Q2M0ZJ4W8XD`, `msg=there desk=main request=01KB7Q2M0ZJ4W8XD`, `msg=inside slack.n=1`, "msg=outside\n", `token=***`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "below") || strings.Contains(got, hunter) {
		t.Errorf("too much is told:\n%s", got)
	}
}
