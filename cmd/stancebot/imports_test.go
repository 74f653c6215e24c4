package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// standardOnly are the rooms that import the standard library and the rooms named, and nothing from elsewhere.
var standardOnly = map[string][]string{
	"knowledge":          nil,
	"knowledge/core":     {"knowledge", "knowledge/check", "knowledge/rollcall", "knowledge/search"},
	"knowledge/rollcall": {"knowledge"},
	"knowledge/ledger":   {"knowledge"},
	"knowledge/raced":    nil,
	"knowledge/sheet":    nil,
	"bot/picture/shapes": nil,

	"knowledge/rollcall/unfile": {"knowledge", "knowledge/rollcall"},
	"bot/told":                  {"knowledge"},
	"bot/inbox":                 {"bot/request"},
	"bot/request":               nil,
	"bot/installs":              nil,
	"adapters/store/seal":       nil,

	"adapters/telegram/telegramtest": {"adapters/adaptertest/watch"},
}

// mayImport lists, for each room, the rooms of ours that it may import. A room that is not listed may not exist.
var mayImport = map[string][]string{
	"knowledge":                   nil,
	"knowledge/core":              {"knowledge", "knowledge/check", "knowledge/rollcall", "knowledge/search"},
	"knowledge/rollcall":          {"knowledge"},
	"knowledge/rollcall/unfile":   {"knowledge", "knowledge/rollcall"},
	"knowledge/ledger":            {"knowledge"},
	"knowledge/raced":             nil,
	"knowledge/sheet":             nil,
	"knowledge/check":             {"knowledge", "knowledge/rollcall"},
	"knowledge/search":            {"knowledge", "knowledge/places"},
	"knowledge/places":            {"knowledge"},
	"knowledge/places/gen":        {"knowledge/corpus", "knowledge/places"},
	"knowledge/places/gen/cldr":   {"knowledge", "knowledge/corpus", "knowledge/places"},
	"knowledge/corpus":            {"knowledge", "knowledge/check", "knowledge/places", "knowledge/rollcall"},
	"knowledge/corpus/gen":        {"knowledge/corpus"},
	"knowledge/corpus/corpustest": {"knowledge", "knowledge/corpus"},
	"bot/phrases":                 {"knowledge", "knowledge/places"},
	"bot/question":                {"knowledge", "knowledge/places", "knowledge/search"},
	"bot/desk":                    {"knowledge", "knowledge/core", "knowledge/ledger", "knowledge/places", "bot/phrases"},
	"bot/talk":                    {"knowledge", "bot/question"},
	"bot/quota":                   nil,
	"bot":                         {"knowledge", "knowledge/core", "knowledge/places", "knowledge/rollcall", "knowledge/sheet", "bot/phrases", "bot/question", "bot/quota", "bot/request", "bot/talk"},
	"bot/contract":                {"knowledge", "bot", "bot/phrases"},
	"bot/told":                    {"knowledge"},
	"bot/inbox":                   {"bot/request"},
	"bot/request":                 nil,
	"bot/digest": {
		"knowledge", "knowledge/core", "knowledge/ledger", "knowledge/rollcall", "bot", "bot/desk", "bot/inbox", "bot/phrases",
	},
	"bot/edits":    {"knowledge", "knowledge/core", "knowledge/ledger", "bot", "bot/desk", "bot/phrases"},
	"bot/feedback": {"knowledge", "bot", "bot/edits", "bot/phrases"},
	"bot/notes": {
		"knowledge", "knowledge/core", "knowledge/ledger", "bot", "bot/desk", "bot/digest", "bot/edits", "bot/phrases", "bot/told",
	},
	"bot/history": {"knowledge", "knowledge/ledger", "bot", "bot/desk", "bot/phrases", "bot/told"},
	"bot/digest/digesttest": {
		"knowledge", "knowledge/core", "knowledge/ledger", "knowledge/rollcall", "bot", "bot/desk", "bot/digest", "bot/inbox", "bot/phrases",
	},
	"bot/bottest": {
		"knowledge", "knowledge/core", "knowledge/corpus", "knowledge/ledger", "knowledge/places", "knowledge/rollcall", "bot", "bot/phrases", "bot/picture", "bot/question",
		"bot/talk",
	},
	"bot/picture":                    {"knowledge", "bot", "bot/phrases", "bot/picture/shapes"},
	"bot/picture/shapes":             nil,
	"bot/picture/gen/fonts":          nil,
	"bot/picture/gen/shapes":         {"bot/picture/shapes"},
	"bot/showcase":                   {"knowledge", "bot", "bot/digest", "bot/inbox", "bot/phrases"},
	"adapters/demo":                  {"knowledge", "bot", "bot/digest", "bot/phrases", "bot/showcase"},
	"adapters/admin":                 {"knowledge", "knowledge/ledger"},
	"adapters/console":               {"knowledge", "bot", "bot/contract", "bot/phrases"},
	"adapters/ledgerfile":            {"knowledge", "knowledge/ledger", "knowledge/sheet"},
	"adapters/slack":                 {"knowledge", "bot", "bot/digest", "bot/inbox", "bot/installs", "bot/phrases", "bot/request", "adapters/lenient"},
	"adapters/slack/slacktest":       {"adapters/adaptertest/watch"},
	"adapters/lenient":               nil,
	"adapters/telegram":              {"knowledge", "bot", "bot/chats", "bot/digest", "bot/inbox", "bot/phrases", "bot/request", "adapters/lenient"},
	"adapters/web":                   {"knowledge", "knowledge/core", "knowledge/ledger", "knowledge/places", "knowledge/rollcall", "bot", "bot/contract", "bot/phrases", "bot/picture", "bot/question"},
	"bot/chats":                      nil,
	"bot/installs":                   nil,
	"adapters/store/installs":        {"bot/installs", "adapters/store", "adapters/store/seal"},
	"adapters/store/seal":            nil,
	"adapters/store/chats":           {"bot/chats", "adapters/store"},
	"adapters/telegram/telegramtest": {"adapters/adaptertest/watch"},
	"adapters/store":                 nil,
	"adapters/store/ledger":          {"knowledge", "knowledge/ledger", "bot/request", "adapters/store"},
	"adapters/store/jobs":            {"knowledge", "adapters/store"},
	"adapters/store/spaces":          {"knowledge", "bot/desk", "adapters/store"},
	"adapters/store/turns":           {"adapters/store"},
	"adapters/store/versions":        {"knowledge", "bot/desk", "adapters/store"},
	"adapters/store/told":            {"knowledge", "bot/told", "adapters/store"},
	"adapters/store/feedback":        {"knowledge", "bot/feedback", "adapters/store"},
	"adapters/store/inbox":           {"bot/inbox", "adapters/store"},
	"adapters/store/digest":          {"knowledge", "bot", "bot/digest", "adapters/store"},
	"adapters/store/storetest":       {"adapters/store", "adapters/adaptertest/postgres"},
	"adapters/adaptertest":           {"knowledge", "knowledge/ledger", "bot", "bot/desk", "bot/feedback", "bot/digest", "bot/digest/digesttest", "bot/inbox", "bot/installs", "bot/told", "bot/chats"},
	"adapters/adaptertest/postgres":  nil,
	"adapters/adaptertest/peers":     nil,
	"adapters/adaptertest/watch":     nil,
	"cmd/stancebot/bench":            {"knowledge", "knowledge/places"},
	"cmd/stancebot": {
		"cmd/stancebot/bench", "adapters/store/turns", "knowledge", "knowledge/check", "knowledge/core", "knowledge/corpus", "knowledge/ledger", "knowledge/places", "knowledge/rollcall",
		"knowledge/rollcall/unfile", "bot", "bot/desk", "bot/phrases", "bot/question", "bot/quota", "bot/talk", "adapters/admin", "adapters/console",
		"adapters/ledgerfile", "bot/picture", "bot/told", "adapters/store/jobs", "adapters/store/told", "adapters/store/versions", "adapters/store/spaces",
		"adapters/store", "adapters/store/ledger", "bot/edits", "bot/notes", "bot/history", "bot/feedback", "adapters/store/feedback", "bot/inbox", "adapters/store/inbox", "bot/digest", "adapters/store/digest", "adapters/slack", "bot/chats", "adapters/store/chats", "adapters/telegram", "adapters/web",
		"adapters/demo", "bot/showcase", "bot/installs", "adapters/store/installs", "adapters/store/seal", "bot/request",
	},
}

// outside lists, for each library, the only rooms that may import it.
var outside = map[string][]string{
	"github.com/goccy/go-yaml":                        {"knowledge/corpus", "adapters/ledgerfile"},
	"github.com/blevesearch/snowballstem":             {"knowledge/search"},
	"golang.org/x/image":                              {"bot/picture"},
	"golang.org/x/text":                               {"adapters/console", "knowledge/places", "bot/phrases", "bot/picture", "bot/picture/gen/fonts", "bot/picture/gen/shapes"},
	"golang.org/x/term":                               {"adapters/console", "cmd/stancebot"},
	"golang.org/x/crypto/x509roots/fallback":          {"cmd/stancebot"},
	"golang.org/x/tools":                              {"bot/bottest"},
	"github.com/google/go-cmp":                        {"bot/bottest", "adapters/adaptertest"},
	"github.com/riverqueue/river":                     {"adapters/store", "adapters/store/jobs"},
	"modernc.org/sqlite":                              {"adapters/store"},
	"github.com/jackc/pgx/v5":                         {"adapters/store", "adapters/adaptertest/postgres"},
	"github.com/pressly/goose/v3":                     {"adapters/store"},
	"github.com/alecthomas/kong":                      {"cmd/stancebot"},
	"github.com/kelseyhightower/envconfig":            {"cmd/stancebot"},
	"github.com/prometheus/client_golang":             {"adapters/admin"},
	"github.com/go-telegram-bot-api/telegram-bot-api": {"adapters/telegram"},
	"github.com/slack-go/slack":                       {"adapters/slack"},
	"github.com/danielgtaylor/huma/v2":                {"adapters/web"},
	"github.com/gorilla/websocket":                    {"adapters/slack", "adapters/slack/slacktest"},
}

const module = "stancebot/"

// Imports point one way: knowledge ← knowledge/* ← bot/question, bot/phrases ← bot ← adapters/* ← cmd, and adapters
// never import each other; the rooms below adapters/store are built on it.
func TestImportsPointOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && file != root && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir // tools, in modules of their own
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		room := path.Dir(filepath.ToSlash(rel))
		seen[room] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, room, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range mayImport {
		if !seen[room] {
			t.Errorf("the rules name the room %s, which does not exist", room)
		}
	}
}

func checkImport(t *testing.T, room, imported string) {
	t.Helper()
	allowed, known := mayImport[room]
	if !known {
		t.Errorf("the room %s has no import rule: add one", room)
		return
	}
	if ours, ok := strings.CutPrefix(imported, module); ok {
		if !slices.Contains(allowed, ours) {
			t.Errorf("%s imports %s", room, imported)
		}
		return
	}
	if !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		return // the standard library
	}
	if _, only := standardOnly[room]; only {
		t.Errorf("%s imports %s, and may import the standard library only", room, imported)
		return
	}
	for library, rooms := range outside {
		if imported == library || strings.HasPrefix(imported, library+"/") {
			if !slices.Contains(rooms, room) {
				t.Errorf("%s imports %s, which only %v may", room, imported, rooms)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which no rule allows", room, imported)
}

// Every room says in a doc.go what lives there.
func TestEveryRoomHasADoc(t *testing.T) {
	for room := range mayImport {
		dir := filepath.Join("..", "..", filepath.FromSlash(room))
		docs, err := filepath.Glob(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(docs) == 0 && !strings.Contains(room, "/gen") && room != "cmd/stancebot" {
			t.Errorf("%s has no doc.go", room)
		}
	}
}
