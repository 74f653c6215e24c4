package web

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// The words of the domain as the schema of the API describes them: each stands in the place of a type of knowledge, which knows no schema.
type (
	countryWord  string
	dayWord      string
	dateWord     string
	whereWord    string
	groupWord    string
	axisWord     string
	labelWord    string
	basisWord    string
	intentWord   string
	outcomeWord  string
	positionWord string
	standingWord string
	meaningWord  string
	gradeWord    string
	statusWord   string
	kindWord     string
	staleWord    string
	groupKind    string
	receiptWord  string
	hashWord     string
)

func (countryWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[A-Z]{3}$", Description: "A member of the United Nations, by its ISO 3166-1 alpha-3 code."}
}

func (dayWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

func (dateWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: datePattern, Description: "A year, a month or a day: as much as its source tells."}
}

func (whereWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^(S\d\.\d{1,2})?$`}
}

func (groupWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[a-z_]+$"}
}

func (axisWord) Schema(huma.Registry) *huma.Schema { return oneOf(knowledge.Axes[:]...) }

func (labelWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(
		append(append(knowledge.LabelsOf(knowledge.TowardRussia), knowledge.LabelsOf(knowledge.TowardWashington)...), knowledge.Unassessed)...,
	)
}

func (basisWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(knowledge.BasisArticle, knowledge.BasisInferred, knowledge.BasisDesk, knowledge.BasisNone)
}

func (intentWord) Schema(huma.Registry) *huma.Schema { return oneOf(knowledge.Intents...) }

func (outcomeWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(knowledge.Outcomes...)
}

func (positionWord) Schema(huma.Registry) *huma.Schema { return oneOf(knowledge.Positions...) }

func (standingWord) Schema(huma.Registry) *huma.Schema { return oneOf(knowledge.Standings...) }

func (meaningWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(knowledge.AgainstRussia, knowledge.ForRussia, knowledge.MixedMeaning, knowledge.Unrated)
}

func (gradeWord) Schema(huma.Registry) *huma.Schema { return oneOf(knowledge.Grades...) }

func (statusWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(append([]knowledge.Status{""}, knowledge.Statuses...)...)
}

func (kindWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(append(append([]knowledge.Kind{}, knowledge.ClaimKinds...), knowledge.EventKinds...)...)
}

func (staleWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(knowledge.LeaderLeft, knowledge.HandoverDue, knowledge.NewerRecord)
}

func (groupKind) Schema(huma.Registry) *huma.Schema {
	return oneOf(knowledge.SubRegion, knowledge.Camp, knowledge.Whole, knowledge.Joined)
}

func (receiptWord) Schema(huma.Registry) *huma.Schema {
	return oneOf(
		knowledge.ClaimReceipt, knowledge.FactCheckReceipt, knowledge.ContradictionReceipt, knowledge.ShiftReceipt, knowledge.RollCallReceipt,
		knowledge.MembershipReceipt, knowledge.MeasureReceipt, knowledge.EventReceipt, knowledge.DeskReceipt, knowledge.AgreementReceipt,
	)
}

func (hashWord) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9a-f]{64}$"}
}

// oneOf describes a string that is one of some words, each once.
func oneOf[W ~string](words ...W) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	seen := map[W]bool{}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			s.Enum = append(s.Enum, string(w))
		}
	}
	return s
}

// aliases pairs the types of knowledge with the words that describe them.
var aliases = map[reflect.Type]reflect.Type{
	reflect.TypeFor[knowledge.Country]():     reflect.TypeFor[countryWord](),
	reflect.TypeFor[knowledge.Day]():         reflect.TypeFor[dayWord](),
	reflect.TypeFor[knowledge.Date]():        reflect.TypeFor[dateWord](),
	reflect.TypeFor[knowledge.Where]():       reflect.TypeFor[whereWord](),
	reflect.TypeFor[knowledge.GroupID]():     reflect.TypeFor[groupWord](),
	reflect.TypeFor[knowledge.Axis]():        reflect.TypeFor[axisWord](),
	reflect.TypeFor[knowledge.Label]():       reflect.TypeFor[labelWord](),
	reflect.TypeFor[knowledge.Basis]():       reflect.TypeFor[basisWord](),
	reflect.TypeFor[knowledge.Intent]():      reflect.TypeFor[intentWord](),
	reflect.TypeFor[knowledge.Outcome]():     reflect.TypeFor[outcomeWord](),
	reflect.TypeFor[knowledge.Position]():    reflect.TypeFor[positionWord](),
	reflect.TypeFor[knowledge.Standing]():    reflect.TypeFor[standingWord](),
	reflect.TypeFor[knowledge.Meaning]():     reflect.TypeFor[meaningWord](),
	reflect.TypeFor[knowledge.Grade]():       reflect.TypeFor[gradeWord](),
	reflect.TypeFor[knowledge.Status]():      reflect.TypeFor[statusWord](),
	reflect.TypeFor[knowledge.Kind]():        reflect.TypeFor[kindWord](),
	reflect.TypeFor[knowledge.StaleKind]():   reflect.TypeFor[staleWord](),
	reflect.TypeFor[knowledge.GroupKind]():   reflect.TypeFor[groupKind](),
	reflect.TypeFor[knowledge.ReceiptKind](): reflect.TypeFor[receiptWord](),
	reflect.TypeFor[ledger.Hash]():           reflect.TypeFor[hashWord](),
}

// newRegistry returns where the schemas of the API's objects are kept.
func newRegistry() huma.Registry {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for ours, word := range aliases {
		registry.RegisterTypeAlias(ours, word)
	}
	return registry
}

// settle makes the schemas say what Go writes: a list is there even when it holds nothing, and what is a pointer may be null.
func settle(registry huma.Registry) {
	for name, schema := range registry.Map() {
		t := registry.TypeFromRef("#/components/schemas/" + name)
		if t.PkgPath() != "" && strings.HasPrefix(t.PkgPath(), "stancebot/") {
			settleFields(t, schema)
		}
	}
}

func settleFields(t reflect.Type, schema *huma.Schema) {
	for field := range t.Fields() {
		if field.Anonymous {
			settleFields(field.Type, schema)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := schema.Properties[name]
		switch {
		case property == nil:
		case field.Type.Kind() == reflect.Slice:
			property.Nullable = false
		case field.Type.Kind() == reflect.Pointer && strings.Contains(options, "omitempty"):
		case field.Type.Kind() == reflect.Pointer && property.Ref != "":
			schema.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: property.Ref}, {Type: "null"}}, Description: property.Description}
		case field.Type.Kind() == reflect.Pointer:
			property.Nullable = true
		}
	}
}
