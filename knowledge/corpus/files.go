package corpus

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"stancebot/knowledge"
)

// The files of the corpus, by name. Each name has one form, and countries/ holds one file a country.
const (
	articleFile       = "article.yaml"
	sourcesFile       = "sources.yaml"
	generalFile       = "general.yaml"
	groupsFile        = "groups.yaml"
	contradictionFile = "contradictions.yaml"
	checksFile        = "checks.yaml"
	eventsFile        = "events.yaml"
	leadersFile       = "leaders.yaml"
	houseStyleFile    = "house-style.yaml"
	publishFile       = "publish.yaml"
	disputesFile      = "disputes.yaml"
	membershipsFile   = "memberships.csv"
	measuresFile      = "measures.csv"
	agreementFile     = "agreement.csv"
	countriesDir      = "countries"
	rollCallsDir      = "rollcalls"
)

// requiredFiles must be there for the records to make sense; countries may be few.
var requiredFiles = []string{
	articleFile, sourcesFile, generalFile, groupsFile, contradictionFile, checksFile,
	eventsFile, leadersFile, houseStyleFile, publishFile, disputesFile, membershipsFile, measuresFile, agreementFile,
}

// A countryFile is what countries/PER.yaml holds.
type countryFile struct {
	Country knowledge.Country                       `json:"country"`
	Labels  map[knowledge.Axis]knowledge.Assessment `json:"labels"`
	Quotes  []knowledge.Quote                       `json:"quotes"`
	Claims  []knowledge.Claim                       `json:"claims"`
	Shifts  []knowledge.Shift                       `json:"shifts,omitempty"`
	Caveats []knowledge.Caveat                      `json:"caveats,omitempty"`
}

type (
	sourcesDoc struct {
		Sources []knowledge.Source `json:"sources"`
	}
	generalDoc struct {
		Claims []knowledge.Claim `json:"claims"`
	}
	groupsDoc struct {
		Groups []knowledge.Group `json:"groups"`
	}
	contradictionsDoc struct {
		Contradictions []knowledge.Contradiction `json:"contradictions"`
	}
	checksDoc struct {
		FactChecks []knowledge.FactCheck `json:"fact_checks"`
	}
	eventsDoc struct {
		Events []knowledge.Event `json:"events"`
	}
	leadersDoc struct {
		Leaders []knowledge.Leader `json:"leaders"`
	}
	publishDoc struct {
		Rules []knowledge.PublishRule `json:"rules"`
	}
	disputesDoc struct {
		Disputes []knowledge.Dispute `json:"disputes"`
	}
	// The documents of CSV files hold one list of rows; the keys of a row are the header, in order.
	membershipsDoc struct {
		Memberships []knowledge.Membership `json:"memberships"`
	}
	measuresDoc struct {
		Measures []knowledge.Measure `json:"measures"`
	}
	agreementDoc struct {
		Agreements []knowledge.Agreement `json:"agreements"`
	}
)

// newDocument returns a pointer to the empty content of the file of that name, or nil when the corpus has no such
// file.
func newDocument(name string) any {
	switch name {
	case articleFile:
		return new(knowledge.Article)
	case sourcesFile:
		return new(sourcesDoc)
	case generalFile:
		return new(generalDoc)
	case groupsFile:
		return new(groupsDoc)
	case contradictionFile:
		return new(contradictionsDoc)
	case checksFile:
		return new(checksDoc)
	case eventsFile:
		return new(eventsDoc)
	case leadersFile:
		return new(leadersDoc)
	case houseStyleFile:
		return new(knowledge.HouseStyle)
	case publishFile:
		return new(publishDoc)
	case disputesFile:
		return new(disputesDoc)
	case membershipsFile:
		return new(membershipsDoc)
	case measuresFile:
		return new(measuresDoc)
	case agreementFile:
		return new(agreementDoc)
	}
	dir, base := path.Split(name)
	switch {
	case path.Ext(base) != ".yaml":
	case dir == countriesDir+"/":
		return new(countryFile)
	case dir == rollCallsDir+"/":
		return new(knowledge.RollCall)
	}
	return nil
}

// unordered returns the first row that does not stand behind the one before it, or -1: packed by country, the rows
// keep their lines only in order.
func (d *agreementDoc) unordered() int {
	for i := 1; i < len(d.Agreements); i++ {
		before, a := &d.Agreements[i-1], &d.Agreements[i]
		if cmp.Or(cmp.Compare(before.Country, a.Country), cmp.Compare(before.Year, a.Year)) >= 0 {
			return i
		}
	}
	return -1
}

// MarshalJSON packs the rows by country: [year, share, votes, share, votes].
func (d *agreementDoc) MarshalJSON() ([]byte, error) {
	packed := map[knowledge.Country][][5]float64{}
	for _, a := range d.Agreements {
		packed[a.Country] = append(packed[a.Country], [5]float64{float64(a.Year), a.USA, float64(a.VotesUSA), a.Russia, float64(a.VotesRus)})
	}
	return json.Marshal(packed)
}

// UnmarshalJSON unpacks what MarshalJSON packs.
func (d *agreementDoc) UnmarshalJSON(text []byte) error {
	var packed map[knowledge.Country][][5]float64
	if err := json.Unmarshal(text, &packed); err != nil {
		return err
	}
	for _, c := range slices.Sorted(maps.Keys(packed)) {
		for _, r := range packed[c] {
			d.Agreements = append(d.Agreements, knowledge.Agreement{
				Country: c, Year: int(r[0]), USA: r[1], VotesUSA: int(r[2]), Russia: r[3], VotesRus: int(r[4]),
			})
		}
	}
	return nil
}

// A Set is the content of the corpus's files by name, and where each value stands for those read from YAML.
type Set struct {
	raw   map[string]json.RawMessage
	lines map[string]lineIndex
}

// names returns the names of the files, in the order in which they are read.
func (s *Set) names() []string {
	names := make([]string, 0, len(s.raw))
	for name := range s.raw {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// documents decodes every file. The content was checked when it was read, or generated from what was, so an error
// means that the compact form does not fit this program.
func (s *Set) documents() (map[string]any, error) {
	docs := make(map[string]any, len(s.raw))
	for _, name := range s.names() {
		doc := newDocument(name)
		if doc == nil {
			return nil, fmt.Errorf("corpus: no file is called %s", name)
		}
		dec := json.NewDecoder(bytes.NewReader(s.raw[name]))
		dec.DisallowUnknownFields()
		if err := dec.Decode(doc); err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", name, err)
		}
		docs[name] = doc
	}
	return docs, nil
}

// Records assembles what the files hold. It fills in what a file's place already says: the country of its claims,
// the day from which the article's labels hold, the date of an event from its id.
func (s *Set) Records() (*knowledge.Records, error) {
	docs, err := s.documents()
	if err != nil {
		return nil, err
	}
	r := &knowledge.Records{Version: s.Version(), Quotes: map[knowledge.Country][]knowledge.Quote{}}
	for _, name := range s.names() {
		addDocument(r, docs[name])
	}
	for i := range r.Assessments {
		a := &r.Assessments[i]
		a.Since = cmp.Or(a.Since, r.Article.Published)
	}
	return r, nil
}

func addDocument(r *knowledge.Records, doc any) {
	switch doc := doc.(type) {
	case *knowledge.Article:
		r.Article = *doc
	case *sourcesDoc:
		r.Sources = doc.Sources
	case *generalDoc:
		r.Claims = append(r.Claims, doc.Claims...)
	case *groupsDoc:
		r.Groups = doc.Groups
	case *contradictionsDoc:
		r.Contradictions = doc.Contradictions
	case *checksDoc:
		r.FactChecks = doc.FactChecks
	case *eventsDoc:
		r.Events = doc.Events
		for i := range r.Events {
			e := &r.Events[i]
			e.Country, e.On = knowledge.ReceiptCountry(e.ID), eventDate(e.ID)
		}
	case *leadersDoc:
		r.Leaders = doc.Leaders
	case *knowledge.HouseStyle:
		r.House = *doc
	case *publishDoc:
		r.Publish = doc.Rules
	case *knowledge.RollCall:
		r.RollCalls = append(r.RollCalls, *doc)
	case *disputesDoc:
		r.Disputes = doc.Disputes
	case *membershipsDoc:
		r.Memberships = doc.Memberships
	case *measuresDoc:
		r.Measures = doc.Measures
	case *agreementDoc:
		r.Agreements = doc.Agreements
	case *countryFile:
		addCountry(r, doc)
	}
}

func addCountry(r *knowledge.Records, doc *countryFile) {
	for _, axis := range knowledge.Axes {
		if a, ok := doc.Labels[axis]; ok {
			a.Country, a.Axis = doc.Country, axis
			r.Assessments = append(r.Assessments, a)
		}
	}
	r.Quotes[doc.Country] = doc.Quotes
	for _, c := range doc.Claims {
		c.Country = doc.Country
		r.Claims = append(r.Claims, c)
	}
	for _, sh := range doc.Shifts {
		sh.Country = doc.Country
		r.Shifts = append(r.Shifts, sh)
	}
	for _, c := range doc.Caveats {
		c.Country = doc.Country
		r.Caveats = append(r.Caveats, c)
	}
}

// eventDate reads the date out of an event's id, E:PER:2025-10-10 with or without a letter behind it. The zero
// Date means that the id holds none.
func eventDate(id string) knowledge.Date {
	_, date, _ := strings.Cut(strings.TrimPrefix(id, "E:"), ":")
	d, err := knowledge.ParseDate(strings.TrimRight(date, "abcdefghijklmnopqrstuvwxyz"))
	if err != nil {
		return 0
	}
	return d
}

// An Item is one record of a file: what list, show and diff speak of.
type Item struct {
	ID   string // its receipt, or what tells it apart in its file
	File string
	Kind string // the list that it stands in: claims, shifts, events …
	JSON json.RawMessage
}

// Items lists the records of the set, file by file in the order of the files.
func (s *Set) Items() ([]Item, error) {
	docs, err := s.documents()
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, name := range s.names() {
		found, err := itemsOf(name, docs[name])
		if err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", name, err)
		}
		items = append(items, found...)
	}
	return items, nil
}

// itemsOf walks the lists of a document: each element is an item, and so is each label of a country.
func itemsOf(name string, doc any) ([]Item, error) {
	v := reflect.ValueOf(doc).Elem()
	switch doc := doc.(type) { // one record is the whole file
	case *knowledge.Article:
		raw, err := json.Marshal(doc)
		return []Item{{ID: doc.ID, File: name, Kind: "article", JSON: raw}}, err
	case *knowledge.RollCall:
		raw, err := json.Marshal(doc)
		return []Item{{ID: doc.ID, File: name, Kind: "rollcalls", JSON: raw}}, err
	}
	var items []Item
	for i := range v.NumField() {
		kind, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		field := v.Field(i)
		switch field.Kind() {
		case reflect.Slice:
			for j := range field.Len() {
				item, err := newItem(name, kind, j, field.Index(j))
				if err != nil {
					return nil, err
				}
				items = append(items, item)
			}
		case reflect.Map: // the labels of a country, by axis
			for _, axis := range knowledge.Axes {
				label := field.MapIndex(reflect.ValueOf(axis))
				if !label.IsValid() {
					continue
				}
				raw, err := json.Marshal(label.Interface())
				if err != nil {
					return nil, err
				}
				id := path.Base(strings.TrimSuffix(name, ".yaml")) + "." + string(axis)
				items = append(items, Item{ID: id, File: name, Kind: kind, JSON: raw})
			}
		}
	}
	return items, nil
}

func newItem(name, kind string, index int, v reflect.Value) (Item, error) {
	raw, err := json.Marshal(v.Interface())
	if err != nil {
		return Item{}, err
	}
	var id string
	switch rec := v.Interface().(type) {
	case knowledge.Leader:
		id = fmt.Sprintf("%s %s %s", rec.Country, rec.Name, rec.From)
	case knowledge.Membership:
		id = rec.ID()
	case knowledge.Measure:
		id = rec.ID()
	case knowledge.Agreement:
		id = rec.ID()
	case knowledge.Dispute:
		id = fmt.Sprintf("%s %s", rec.RollCall, rec.Country)
	case knowledge.NearName:
		id = rec.Name
	case knowledge.AskName:
		id = rec.Name
	case knowledge.Quote:
		id = fmt.Sprintf("%s quote %s %s", path.Base(strings.TrimSuffix(name, ".yaml")), rec.At, rec.Quote)
	default:
		if f := v.FieldByName("ID"); f.IsValid() {
			id = f.String()
		} else {
			id = fmt.Sprintf("%s %s %d", strings.TrimSuffix(name, ".yaml"), kind, index+1)
		}
	}
	return Item{ID: id, File: name, Kind: kind, JSON: raw}, nil
}
