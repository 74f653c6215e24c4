package question_test

import (
	"testing"

	"stancebot/knowledge"
)

// What is searched for are the words about something: not those that ask, nor names of countries, nor little words. A
// question about nothing but a country asks where it stands.
func TestWordsOfASearch(t *testing.T) {
	r := newReader(t)
	tests := []struct {
		text   string
		intent knowledge.Intent
		words  string
		of     string
	}{
		{"anything about lithium", knowledge.IntentSearch, "lithium", ""},
		{"anything about sanctions", knowledge.IntentSearch, "sanctions", ""},
		{"anything about military aid to cuba", knowledge.IntentSearch, "military aid", "CUB"},
		{"anything on peru", knowledge.IntentStance, "", "PER"},
		{"search trade", knowledge.IntentSearch, "trade", ""},

		{"algo sobre el litio", knowledge.IntentSearch, "litio", ""},
		{"algo sobre las sanciones", knowledge.IntentSearch, "sanciones", ""},
		{"algo sobre la ayuda militar a Cuba", knowledge.IntentSearch, "ayuda militar", "CUB"},
		{"¿qué se sabe del petróleo venezolano?", knowledge.IntentSearch, "petroleo", "VEN"},
		{"algo sobre Perú", knowledge.IntentStance, "", "PER"},

		{"alguma coisa sobre lítio", knowledge.IntentSearch, "litio", ""},
		{"o que temos sobre helicópteros no Equador", knowledge.IntentSearch, "helicopteros", "ECU"},
		{"o que temos sobre o Peru", knowledge.IntentStance, "", "PER"},

		{"quelque chose sur le pétrole", knowledge.IntentSearch, "petrole", ""},
		{"quelque chose sur les vaccins russes à Cuba", knowledge.IntentSearch, "vaccins", "CUB"},
		{"quelque chose sur le Pérou", knowledge.IntentStance, "", "PER"},

		{"что писали про литий", knowledge.IntentSearch, "литии", ""},
		{"есть что-нибудь про вертолёты?", knowledge.IntentSearch, "вертолеты", ""},
		{"что писали про военную помощь Кубе", knowledge.IntentSearch, "военную помощь", "CUB"},
		{"что писали про Перу", knowledge.IntentStance, "", "PER"},

		{"有没有关于锂的报道", knowledge.IntentSearch, "锂", ""},
		{"搜索 直升机", knowledge.IntentSearch, "直升机", ""},
		{"有没有关于古巴军事援助的报道", knowledge.IntentSearch, "军事援助", "CUB"},
		{"关于喀山峰会的消息", knowledge.IntentSearch, "喀山峰会", ""},
		{"有没有关于秘鲁的报道", knowledge.IntentStance, "", "PER"},
	}
	for _, tt := range tests {
		q := r.Read(tt.text, today).Query
		if q.Misread != nil || q.Intent != tt.intent || q.Words != tt.words && tt.words != "" || codes(q.Countries) != tt.of {
			t.Errorf("%q: %s for %q of %s (%+v), want %s for %q of %s", tt.text, q.Intent, q.Words, codes(q.Countries), q.Misread, tt.intent, tt.words, tt.of)
		}
	}
}

// A name of no country may stand in a record: its words are kept, and what is known of it as well.
func TestWordsOfANameThatIsNoCountry(t *testing.T) {
	r := newReader(t)
	for text, words := range map[string]string{
		"anything about kazan": "kazan", "algo sobre Kazan": "kazan", "что писали про Казань": "казань",
	} {
		q := r.Read(text, today).Query
		if q.Misread == nil || q.Misread.Outcome != knowledge.NotACountry || q.Misread.Known == nil || q.Words != words {
			t.Errorf("%q: %q, %+v", text, q.Words, q.Misread)
		}
	}
}
