package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kelseyhightower/envconfig"

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
}

// readConfig reads the environment. Unknown and malformed variables under the prefix are errors.
func readConfig() (config, error) {
	var c config
	if err := envconfig.CheckDisallowed(prefix, &c); err != nil {
		return c, fmt.Errorf("%w: correct its name, or unset it", err)
	}
	if err := envconfig.Process(prefix, &c); err != nil {
		if pe := (*envconfig.ParseError)(nil); errors.As(err, &pe) {
			return c, fmt.Errorf("%s is no %s", pe.KeyName, pe.TypeName)
		}
		return c, err
	}
	if phrases.In(c.Language).Language != c.Language {
		return c, fmt.Errorf("STANCEBOT_LANGUAGE is no language of this program: use one of %s", strings.Join(phrases.Languages(), ", "))
	}
	if c.Today != "" {
		if _, err := knowledge.ParseDay(c.Today); err != nil {
			return c, errors.New("STANCEBOT_TODAY is no day: write it as 2026-11-23")
		}
	}
	return c, nil
}
