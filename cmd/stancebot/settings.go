package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"text/tabwriter"
	"text/template"

	"github.com/kelseyhightower/envconfig"
)

type configCommand struct {
	All  bool `help:"Those that are not set and have no default, too."`
	JSON bool `name:"json" help:"For programs."`
}

// Help is what config --help adds.
func (*configCommand) Help() string {
	return `Prints each variable with its value, whether that comes from the environment, a file or is the default, and what it means. No secret
is printed, nor what may hold one: a password in an address, what was refused as malformed.

Exit status: 0, or 2 when a variable is wrong.`
}

// What stands in the place of a value.
const (
	secretShown  = "<secret>"
	refusedShown = "<refused>"
)

// A setting is a variable of the program, as operators are told of it.
type setting struct {
	Variable string `json:"variable"`
	Value    string `json:"value"`
	Source   string `json:"source"` // environment, file, default or unset
	Secret   bool   `json:"secret"`
	Meaning  string `json:"meaning"`
}

// Where a value comes from.
const (
	fromEnvironment = "environment"
	fromAFile       = "file"
	byDefault       = "default"
	notSet          = "unset"
)

// variables lists all variables in their order. What is wrong with them is not printed: it may be a secret in a wrong place.
func (env *environment) variables() ([]setting, error) {
	var all []setting
	wrong := ""
	if env.misset != nil {
		wrong = env.misset.Error()
	}
	list := template.Must(template.New("").Funcs(template.FuncMap{"list": func(variable string, field reflect.Value, tags reflect.StructTag) string {
		s := setting{Variable: variable, Source: sourceOf(variable, tags), Meaning: tags.Get("desc")}
		_, s.Secret = reflect.TypeAssert[secret](field)
		switch {
		case s.Source == notSet:
		case names(wrong, variable):
			s.Value = refusedShown
		default:
			s.Value = shownOf(field, writtenOf(variable, tags))
		}
		all = append(all, s)
		return ""
	}}).Parse(`{{range .}}{{list .Key .Field .Tags}}{{end}}`))
	err := envconfig.Usaget(prefix, &env.config, io.Discard, list)
	return all, err
}

func sourceOf(variable string, tags reflect.StructTag) string {
	_, set := os.LookupEnv(variable)
	_, file := os.LookupEnv(variable + "_FILE")
	_, standard := tags.Lookup("default")
	switch {
	case set:
		return fromEnvironment
	case file:
		return fromAFile
	case standard:
		return byDefault
	}
	return notSet
}

// writtenOf is a value as it is written in the environment or as the default.
func writtenOf(variable string, tags reflect.StructTag) string {
	if value, set := os.LookupEnv(variable); set {
		return value
	}
	return tags.Get("default")
}

// names reports whether what is wrong names a variable, and not merely one that begins with its name. What is wrong with Telegram's is told one
// at a time, so that the others were not looked at.
func names(text, variable string) bool {
	const telegram = "STANCEBOT_TELEGRAM_"
	if strings.HasPrefix(variable, telegram) && strings.Contains(text, telegram) {
		return true
	}
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(variable) + `(\W|$)`).MatchString(text)
}

// shownOf is the value of a variable, as it may be shown: one that is no secret, as it is written.
func shownOf(field reflect.Value, written string) string {
	if v, ok := reflect.TypeAssert[secret](field); ok {
		return databaseShown(v.Reveal())
	}
	return addressShown(written)
}

// plain is what a host and the name of a database look like: what does not may be part of a password.
var (
	plainHost = regexp.MustCompile(`^[A-Za-z0-9._,:\[\]-]*$`)
	plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]*)*$`)
)

// databaseShown is a secret as it may be shown: of the URL of a database its kind, host and name, of any other nothing.
func databaseShown(value string) string {
	if value == "" || strings.HasPrefix(value, "sqlite:") { // which has no password
		return value
	}
	if strings.HasPrefix(value, "postgres://") || strings.HasPrefix(value, "postgresql://") {
		return withoutPassword(value)
	}
	return secretShown
}

// addressShown is a value that is no secret. It may be an address, and that hold one all the same.
func addressShown(value string) string {
	if strings.Contains(value, "://") {
		return withoutPassword(value)
	}
	return value
}

// withoutPassword is an address without its user, password, question and fragment, or nothing of it where these cannot be told apart
// without a doubt: a password that holds / or # looks like a host.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	at := strings.Count(address, "@")
	if err != nil || u.Opaque != "" || at > 1 || (at == 1) != (u.User != nil) || !plainHost.MatchString(u.Host) || !plainPath.MatchString(u.Path) || u.Host == "" {
		return secretShown
	}
	shown := u.Scheme + "://" + u.Host + u.Path
	if u.User != nil {
		shown = u.Scheme + "://" + secretShown + "@" + u.Host + u.Path
	}
	if u.RawQuery != "" || u.Fragment != "" {
		shown += "?" + secretShown
	}
	return shown
}

// Run prints the settings.
func (c *configCommand) Run(env *environment) error {
	if unread := (*unreadError)(nil); errors.As(env.misset, &unread) {
		return usageError{env.misset}
	}
	all, err := env.variables()
	if err != nil {
		return err
	}
	shown := []setting{}
	for _, s := range all {
		if c.All || s.Source != notSet {
			shown = append(shown, s)
		}
	}
	if c.JSON {
		enc := json.NewEncoder(env.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(shown)
	} else {
		err = printSettings(env.stdout, shown)
	}
	if env.misset != nil {
		return usageError{env.misset}
	}
	return err
}

func printSettings(w io.Writer, all []setting) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "variable\tvalue\tfrom\tmeaning")
	for _, s := range all {
		value := s.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Variable, oneLine(value), s.Source, s.Meaning)
	}
	return table.Flush()
}
