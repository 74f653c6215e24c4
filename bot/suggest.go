package bot

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// suggested are the countries that are offered before anything is typed.
var suggested = []knowledge.Country{"BRA", "ARG", "CUB", "PER", "MEX", "VEN", "CHL", "COL"}

// Suggest returns the countries whose names begin as somebody types, in a language or in English, at most limit of them in the
// order of the dictionary, each with the command that asks where it stands. For nothing typed it returns a few.
func Suggest(prefix, language string, limit int) []Choice {
	p := phrases.In(language[:min(2, len(language))])
	typed := places.Fold(prefix)
	var found []knowledge.Country
	switch {
	case typed == "" && strings.TrimSpace(prefix) == "":
		found = suggested
	case typed != "":
		found = slices.DeleteFunc(places.Members(), func(c knowledge.Country) bool {
			return !begins(p.Country(c), typed) && !begins(places.Name(c), typed)
		})
		slices.SortStableFunc(found, func(a, b knowledge.Country) int {
			return strings.Compare(places.Fold(p.Country(a)), places.Fold(p.Country(b)))
		})
	}
	choices := make([]Choice, 0, min(len(found), limit))
	for _, c := range found[:min(len(found), limit)] {
		choices = append(choices, Choice{Label: p.Country(c), Command: Canonical(knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{c}})})
	}
	return choices
}

// begins reports whether a name, or a word of it, begins so.
func begins(name, typed string) bool {
	folded := places.Fold(name)
	return strings.HasPrefix(folded, typed) || strings.Contains(folded, " "+typed)
}
