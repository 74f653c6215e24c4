package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/adapters/store"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// behind is what stands behind the words that ask for an intent.
var behind = map[knowledge.Intent][]string{
	knowledge.IntentStance:         {"bol", "per as of 2026-06-01", "bol known at 2026-11-23"},
	knowledge.IntentCompare:        {"bol per"},
	knowledge.IntentGroup:          {"andean", "brics"},
	knowledge.IntentShifts:         {"bol", "andean", "since 2026-01-01"},
	knowledge.IntentVotes:          {"bol"},
	knowledge.IntentResolution:     {"ES-11/3"},
	knowledge.IntentAgreement:      {"bol"},
	knowledge.IntentMeasures:       {"bol"},
	knowledge.IntentEvidence:       {"bol", "per"},
	knowledge.IntentContradictions: {"", "bol"},
	knowledge.IntentSource:         {"BRA-14", "BRA-13", "D-%d", "M:BOL:brics:2026"},
	knowledge.IntentSafe:           {"bol", "BRA-14", "D-%d"},
	knowledge.IntentSearch:         {"lithium fishery treaty"},
	knowledge.IntentMap:            {"andean"},
	knowledge.IntentTimeline:       {"bol"},
	knowledge.IntentCard:           {"bol"},
	knowledge.IntentDigest:         {"list", "preview", "now", "weekly", "editors on", "quiet 22:00 to 6:00", "pause", "resume", "stop 1", "undo", "stop"},
	knowledge.IntentWatch:          {"bol", "list"},
	knowledge.IntentRecord:         {"chile russia neutral since 2026-01-01 https://attacker.example/page"},
	knowledge.IntentCorrect:        {"D-%d https://attacker.example/page no", "BRA-14 https://attacker.example/page not so"},
	knowledge.IntentHistory:        {"", "bol", "told bol", "D-%d", "approved D-%d", "told bol since 2026-01-01", "since 2026-01-01"},
	knowledge.IntentExport:         {"", "bol", "andean"},
	knowledge.IntentSettings:       {"", "yes stance bol", "no stance bol", "told off", "told on"},
	knowledge.IntentHelp:           {""},
}

// decided is what stands behind the words that decide about what is proposed or asked, by what the lexicon calls them.
var decided = map[string][]string{
	"approve": {"D-%d"}, "reject": {"D-%d no"}, "retract": {"D-%d"}, "ask": {"D-%d why?", "the desk who?"}, "answer": {"D-%d somebody"}, "list": {""},
	"correct": {"BRA-14 not so https://attacker.example/page"}, "record": {"chile russia neutral since 2026-01-01 https://attacker.example/page"},
}

// plainly are plain questions that show or change what a newsroom recorded, was told and gets.
var plainly = map[string][]string{
	"en": {"where does bolivia stand?", "who approved D-12?", "what did we say about bolivia this month?", "what have we recorded?", "what changed since 1 January 2026?", "which digests do we get?", "stop all alerts", "forget what you told us", "can I publish D-3?", "why bolivia?", "how did bolivia vote?"},
	"es": {"¿dónde está bolivia?", "¿quién aprobó D-12?", "¿qué respondimos sobre bolivia este mes?", "¿qué hemos registrado?", "¿qué cambió desde 2026?", "¿qué boletines recibimos?", "olvida lo que nos dijiste", "¿puedo publicar D-3?", "¿por qué bolivia?"},
	"pt": {"onde está a bolívia?", "quem aprovou D-12?", "o que respondemos sobre a bolívia este mês?", "o que registramos?", "o que mudou desde 2026?", "que boletins recebemos?", "esqueça o que nos disse", "posso publicar D-3?", "por que a bolívia?"},
	"ru": {"где стоит боливия?", "кто одобрил D-12?", "что мы отвечали про боливию в этом месяце?", "что мы записали?", "что изменилось с 2026 года?", "какие дайджесты мы получаем?", "забудь что ты нам говорил", "можно публиковать D-3?", "почему боливия?"},
	"zh": {"玻利维亚的立场是什么？", "D-12 是谁批准的？", "这个月我们怎么回答玻利维亚的？", "我们登记了什么？", "2026年以来有什么变化？", "我们订阅了哪些摘要？", "忘记你告诉我们的", "D-3 可以发表吗？", "为什么玻利维亚？"},
	"fr": {"où se situe la bolivie ?", "qui a approuvé D-12 ?", "qu’avons-nous répondu sur la bolivie ce mois-ci ?", "qu’avons-nous enregistré ?", "qu’est-ce qui a changé depuis 2026 ?", "quels bulletins recevons-nous ?", "oublie ce que tu nous as dit", "puis-je publier D-3 ?", "pourquoi la bolivie ?"},
}

// section reads a part of a language's lexicon: what stands before a colon, and behind it.
func section(t *testing.T, language, name string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "bot", "question", "lexicon", language+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	found, in := map[string]string{}, false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "[") {
			in = line == "["+name+"]"
		}
		if key, value, ok := strings.Cut(line, ":"); in && ok && !strings.HasPrefix(line, "#") {
			found[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	if len(found) == 0 {
		t.Fatalf("the lexicon of %s has no part %q", language, name)
	}
	return found
}

// entries is how many entries the victim's ledger has: those that are not there are asked for, too.
const entries = 18

// commandsIn are all that can be typed in a language, by the words of its lexicon: an intent or a word of edits without an attempt fails.
func commandsIn(t *testing.T, language string) []string {
	t.Helper()
	var texts []string
	add := func(word string, behind []string) {
		for _, rest := range behind {
			if !strings.Contains(rest, "%d") {
				texts = append(texts, strings.TrimSpace(word+" "+rest))
				continue
			}
			for i := 1; i <= entries; i++ {
				texts = append(texts, word+" "+fmt.Sprintf(rest, i))
			}
		}
	}
	for word, intent := range section(t, language, "commands") {
		rest, known := behind[knowledge.Intent(intent)]
		if !known {
			t.Errorf("%s, %s: nobody tries what %s asks for", language, word, intent)
		}
		add(word, rest)
	}
	for what, words := range section(t, language, "edits") {
		rest, known := decided[what]
		if !known && what != "desk" {
			t.Errorf("%s: nobody tries what %q begins", language, what)
		}
		for word := range strings.SplitSeq(words, ",") {
			add(strings.TrimSpace(word), rest)
		}
	}
	for what := range section(t, language, "order commands") {
		texts = append(texts, "digest "+what, "watch "+what)
	}
	return append(texts, plainly[language]...)
}

// languagesTried are those in which a newsroom types everything: all of them in the full tier, and else one for each engine.
func (s *siege) languagesTried() []string {
	switch {
	case deep:
		return phrases.Languages()
	case s.db.Dialect() == store.PostgreSQL:
		return []string{"zh"}
	}
	return []string{"en"}
}
