package bench

import (
	_ "embed"
	"math/rand/v2"
	"strings"

	"stancebot/knowledge/places"
)

//go:embed questions.txt
var questionForms string

// Questions returns questions in six languages about all members, the same each time.
func Questions(n int) []string {
	forms := strings.Split(strings.TrimSpace(questionForms), "\n")
	members := places.Members()
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret: a sample that is always the same
	questions := make([]string, n)
	for i := range questions {
		questions[i] = strings.ReplaceAll(forms[i%len(forms)], "%s", places.Name(members[chance.IntN(len(members))]))
	}
	return questions
}
