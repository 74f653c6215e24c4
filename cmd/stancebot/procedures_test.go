//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
)

// A procedure is a page whose indented lines are commands of a shell.
type procedure struct {
	page string
	// before and after are commands of the test: what there was, and what must hold in the end.
	before, after string
}

// What was recorded before, on an SQLite and a PostgreSQL.
const recorded = `
export STANCEBOT_EDITORS=console:$(id -un) STANCEBOT_FOUR_EYES=false
stancebot record assessment --yes BOL russia leaning_adversary --since 2025-11-08 --source https://example.org/bolivia >/dev/null
stancebot record event --yes COL 'A new president took office.' --on 2026-08-07 --kind leader --source https://example.org/colombia >/dev/null
`

// The pages on backups and upgrades do what they say, command by command, from an old machine to a new one.
func TestProcedures(t *testing.T) {
	if elsewhere(t) {
		return
	}
	for _, p := range []procedure{
		{
			page: "backup.md", before: recorded,
			after: `
for url in sqlite:/var/lib/stancebot/stancebot.sqlite postgres://owner@db.example.org/stancebot postgres://owner@new.example.org/stancebot; do
	STANCEBOT_DATABASE_URL=$url stancebot ask --ledger --json 'stance bolivia' | grep --quiet '"basis":"desk"'
done
`,
		},
		{
			page: "upgrade.md", before: recorded + "install -d /var/lib/stancebot\n",
			after: "STANCEBOT_DATABASE_URL=sqlite:/var/lib/stancebot/stancebot.sqlite stancebot ask --ledger --json 'stance bolivia' | grep --quiet '\"basis\":\"desk\"'\n",
		},
	} {
		t.Run(p.page, func(t *testing.T) { p.run(t) })
	}
}

// run runs the page from top to bottom.
func (p *procedure) run(t *testing.T) {
	t.Helper()
	server := postgres.Start(t)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, "stancebot")); err != nil { // by this name it is the program: see TestMain
		t.Fatal(err)
	}
	commands := commandsOf(t, filepath.Join(root, "deploy", p.page))
	if strings.Count(commands, "stancebot ") < 5 {
		t.Fatalf("the page has hardly a command:\n%s", commands)
	}
	script := strings.NewReplacer(
		"/backups", dir+"/backups", "/var/lib/stancebot", dir+"/var/lib/stancebot",
		"postgres://owner@db.example.org/stancebot", quoted(server.Database(t)),
		"postgres://owner@new.example.org/stancebot", quoted(server.Database(t)),
	).Replace(strings.Join([]string{"set -euo pipefail", p.before, commands, p.after}, "\n"))
	cmd := exec.CommandContext(t.Context(), "bash", "-x", "-c", script)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir, "XDG_DATA_HOME=", "STANCEBOT_TODAY=2026-11-23",
		"STANCEBOT_DATABASE_URL=sqlite:"+dir+"/old.sqlite", "STANCEBOT_ADMIN_ADDR=127.0.0.1:0", "STANCEBOT_LISTEN_ADDR=127.0.0.1:0")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "FIX ") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// commandsOf returns the indented lines of a page.
func commandsOf(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var commands strings.Builder
	for line := range strings.Lines(string(text)) {
		if command, is := strings.CutPrefix(line, "    "); is {
			commands.WriteString(command)
		}
	}
	return commands.String()
}

// quoted is a word for the shell, also after an = sign.
func quoted(word string) string { return "'" + word + "'" }
