package main

import (
	"errors"
	"fmt"
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
	if err := fromFile(&c.DatabaseURL, "STANCEBOT_DATABASE_URL", c.DatabaseURLFile); err != nil {
		return c, err
	}
	if c.Today != "" {
		if _, err := knowledge.ParseDay(c.Today); err != nil {
			return c, errors.New("STANCEBOT_TODAY is no day: write it as 2026-11-23")
		}
	}
	return c, nil
}

// wanted tells what a variable should hold, and never what it holds.
func wanted(pe *envconfig.ParseError) string {
	switch pe.TypeName {
	case "bool":
		return "write true or false"
	case "time.Duration":
		return "write hours, minutes or seconds, such as 720h"
	case "desk.Editors":
		return pe.Err.Error()
	}
	return "it is no " + pe.TypeName
}
