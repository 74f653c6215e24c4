package places

// For the tests outside the package: they load the house style by way of knowledge/corpus, which imports this
// package, and could not do so from within it.

// Distance is distance.
var Distance = distance

// MaxFuzzyRunes is maxFuzzyRunes.
const MaxFuzzyRunes = maxFuzzyRunes

// OrdinaryWords returns the words of a language's list.
func OrdinaryWords(language string) map[string]bool { return wordsOf(ordinaryLists()[language]) }

// EverydayNames is everydayNames.
var EverydayNames = everydayNames
