package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stancebot/adapters/telegram/telegramtest"
)

// variablesOf are the names of all variables, by what reads them.
func variablesOf(t *testing.T) []setting {
	t.Helper()
	env := &environment{}
	all, err := env.variables()
	if err != nil || len(all) != reflect.TypeFor[config]().NumField() {
		t.Fatalf("%d variables of %d: %v", len(all), reflect.TypeFor[config]().NumField(), err)
	}
	return all
}

// configured runs config, and returns its exit status and what it printed.
func configured(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"config"}, args...), nil, &out, &errs)
	return code, out.String() + errs.String()
}

func TestConfigTellsWhatIsSetAndFromWhere(t *testing.T) {
	set(t, map[string]string{
		"DATABASE_URL": "postgres://ana:hunter2@db.example:5432/desk?sslmode=require&password=hunter2", "SLACK_BOT_TOKEN_FILE": fileOf(t, "xoxb-hunter2"),
		"SLACK_SIGNING_SECRET": "hunter2", "EDITORS": "console:ana", "PUBLIC_URL": "https://ana:hunter2@desk.example/x", "RETENTION": "48h",
	})
	code, said := configured(t)
	if code != exitOK || strings.Contains(said, "hunter2") || strings.Contains(said, "STANCEBOT_CORPUS") {
		t.Errorf("exit status %d\n%s", code, said)
	}
	for _, line := range []string{
		`STANCEBOT_DATABASE_URL +postgres://<secret>@db\.example:5432/desk\?<secret> +environment +where the desk's`,
		`STANCEBOT_SLACK_BOT_TOKEN +<secret> +file +xoxb-`, `STANCEBOT_SLACK_SIGNING_SECRET +<secret> +environment`,
		`STANCEBOT_PUBLIC_URL +https://<secret>@desk\.example/x +environment`, `STANCEBOT_RETENTION +48h +environment`,
		`STANCEBOT_LANGUAGE +en +default +language of replies`, `STANCEBOT_EDITORS +console:ana +environment`, `STANCEBOT_LOG_LEVEL +info +default`,
	} {
		if !regexp.MustCompile(line).MatchString(said) {
			t.Errorf("%s is not in\n%s", line, said)
		}
	}
	_, text := configured(t, "--all", "--json")
	var all []setting
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all) != len(variablesOf(t)) || strings.Contains(text, "hunter2") {
		t.Errorf("%v\n%s", err, text)
	}
}

// What was refused may be a secret in a wrong place.
func TestConfigShowsNothingThatWasRefused(t *testing.T) {
	set(t, map[string]string{"LANGUAGE": hunter, "SLACK_APP_TOKEN": "xapp-1"})
	code, said := configured(t)
	if code != exitUsage || strings.Contains(said, "hunter2") || !strings.Contains(said, "STANCEBOT_LANGUAGE is no language") ||
		!regexp.MustCompile(`STANCEBOT_LANGUAGE +<refused> +environment`).MatchString(said) {
		t.Errorf("exit status %d\n%s", code, said)
	}
	set(t, map[string]string{"TELEGRAM_TOKEN": "none", "TELEGRAM_WEBHOOK_URL": hunter, "TELEGRAM_API_URL": hunter})
	if code, said := configured(t); code != exitUsage || strings.Contains(said, "hunter2") || !strings.Contains(said, "STANCEBOT_TELEGRAM_TOKEN is no token") {
		t.Errorf("exit status %d\n%s", code, said)
	}
	set(t, map[string]string{"FOUR_EYES": hunter})
	if code, said := configured(t); code != exitUsage || strings.Contains(said, "hunter2") || !strings.Contains(said, "STANCEBOT_FOUR_EYES") {
		t.Errorf("exit status %d\n%s", code, said)
	}
}

// Whatever a secret is, and whatever a password in an address, it is not printed.
func FuzzSecretsAreNotShown(f *testing.F) {
	for _, s := range []string{"hunter2-hunter2", "1/2-hunter2", "p@h/x-hunter2", "12#hunter2-", "a?b=hunter2", "%2f-hunter2", ":::hunter2", "[::1]/hunter2", "\x00hunter2", "@@@@hunter2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, password string) {
		const host, name = "h", "n"
		if len(password) < 4 || standsAnyway(password) || strings.HasPrefix(password, "sqlite:") {
			return // it is what stands there anyway
		}
		for _, value := range []string{
			password, "postgres://ana:" + password + "@" + host + "/" + name, "postgres://" + host + "/" + name + "?password=" + password, "postgres://ana:" + password + "@" + host,
		} {
			c := config{SlackBotToken: secret(password), WebToken: secret(password), TelegramToken: secret(password), DatabaseURL: secret(value)}
			v := reflect.ValueOf(c)
			for i := range v.NumField() {
				if shown := shownOf(v.Field(i), ""); showsPartOf(shown, password) {
					t.Errorf("%s shows %q of %q", v.Type().Field(i).Name, shown, value)
				}
			}
		}
		for _, value := range []string{"https://ana:" + password + "@" + host + "/", "https://" + host + "/?token=" + password} {
			if shown := addressShown(value); showsPartOf(shown, password) {
				t.Errorf("%q of %q", shown, value)
			}
		}
	})
}

// standsAnyway reports whether a text is part of what is shown of an address, whatever its password.
func standsAnyway(text string) bool {
	all := "postgres://<secret>@h/n?<secret> https://<secret>@h/?<secret> sqlite:"
	return strings.Contains(all, text)
}

// showsPartOf reports whether a text shows four characters of a password in a row that do not stand there anyway.
func showsPartOf(shown, password string) bool {
	shown = strings.ReplaceAll(shown, secretShown, "")
	for i := range len(password) - 3 {
		if part := password[i : i+4]; strings.Contains(shown, part) && !standsAnyway(part) {
			return true
		}
	}
	return false
}

// Each variable is in the README's table, and has a meaning.
func TestVariablesAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "\n## Configuration\n")
	table, _, ended := strings.Cut(table, "\n## ")
	if !ok || !ended {
		t.Fatal("the README has no table of variables")
	}
	told := regexp.MustCompile("`(STANCEBOT_[A-Z_]+)`")
	var names []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| ") {
			for _, m := range told.FindAllStringSubmatch(cells[0], -1) {
				names = append(names, m[1])
			}
		}
	}
	for _, s := range variablesOf(t) {
		if s.Meaning == "" {
			t.Errorf("%s has no meaning", s.Variable)
		}
		if !slices.Contains(names, s.Variable) {
			t.Errorf("%s is not in the README's table", s.Variable)
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == s.Variable })
	}
	if len(names) > 0 {
		t.Errorf("the README tells of variables that there are not: %v", names)
	}
}

// aboutOthers is what the doctor calls what some variables name.
var aboutOthers = map[string]string{"STANCEBOT_CORPUS": "the records hold: ", "STANCEBOT_DATABASE_URL": "the database opens"}

// corpusFolder returns a folder that overlays one file of the records with itself.
func corpusFolder(t *testing.T) string {
	t.Helper()
	const name = "house-style.yaml"
	text, err := os.ReadFile(filepath.Join("..", "..", "knowledge", "corpus", "records", name))
	folder := t.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// Whatever is set, the doctor tries it or tells what it does.
func TestDoctorTriesEverySetting(t *testing.T) {
	s := newSlackWorkspace(t)
	const token = "123:hunter2-hunter2-hunter2-hunter2-hunter2"
	tg := telegramtest.New(telegramtest.Options{Token: token, Privacy: true})
	t.Cleanup(tg.Close)
	public := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(public.Close)
	at := "sqlite:" + filepath.Join(t.TempDir(), "desk.sqlite")
	recordedWith(t, at, "SELECT 1")
	values := map[string]string{
		"CORPUS": corpusFolder(t), "LANGUAGE": "es", "TODAY": "2026-11-23", "DATABASE_URL": at, "EDITORS": "console:ana,console:eve", "EDITOR_NAMES": "console:ana=Ana Paz",
		"FOUR_EYES": "true", "PROPOSALS": "editors", "DESK_CHANNEL": "slack:T1:C1", "REPEAT_POLICY": "hold", "QUIET_EMPTY": "true", "TIMEZONE": "America/Lima",
		"RETENTION": "48h", "LOG_LEVEL": "warn", "LOG_FORMAT": "text", "SLACK_BOT_TOKEN": testBot, "SLACK_APP_TOKEN": testApp, "SLACK_SIGNING_SECRET": testSigning,
		"SLACK_API_URL": s.APIURL(), "TELEGRAM_TOKEN": token, "TELEGRAM_API_URL": tg.URL(), "PUBLIC_URL": public.URL, "WEB_ACCESS": "token", "WEB_TOKEN": hunter,
		"TELEGRAM_WEBHOOK_URL": "https://desk.example/telegram/webhook", "TELEGRAM_WEBHOOK_SECRET": hunter, "QUOTAS": "pictures=4",
		"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": hunter, "SLACK_TOKEN_ROTATION": "true", "ENCRYPTION_KEY": strings.Repeat("0a", 32), "ADMIN_ADDR": "127.0.0.1:0", "LISTEN_ADDR": "127.0.0.1:0",
	}
	_, said := doctor(t, values)
	for _, v := range variablesOf(t) {
		short := strings.TrimPrefix(v.Variable, "STANCEBOT_")
		if of, isFile := strings.CutSuffix(short, "_FILE"); isFile {
			if values[of] == "" {
				t.Errorf("%s is a file of a variable that this test does not set", v.Variable)
			}
			continue // the secret that it holds is tried, whichever way it came
		}
		if values[short] == "" {
			t.Errorf("this test does not set %s: give it a value, and have the doctor try it", v.Variable)
			continue
		}
		about := aboutOthers[v.Variable]
		if about == "" {
			about = v.Variable
		}
		if !regexp.MustCompile(`(?m)^(ok  |note|FIX ) .*` + regexp.QuoteMeta(about) + `\b`).MatchString(said) {
			t.Errorf("the doctor says nothing of %s:\n%s", v.Variable, said)
		}
	}
}
