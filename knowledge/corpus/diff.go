package corpus

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/goccy/go-yaml"
)

// A Change is one record that differs between two sets. Old is nil for one that was added, New for one that was
// taken away.
type Change struct {
	ID, File string
	Old, New *Item
}

// Diff returns the records in which changed differs from old, in order of files and ids.
func Diff(old, changed *Set) ([]Change, error) {
	before, err := old.Items()
	if err != nil {
		return nil, err
	}
	after, err := changed.Items()
	if err != nil {
		return nil, err
	}
	type key struct{ file, id string }
	was := map[key]*Item{}
	for i := range before {
		was[key{before[i].File, before[i].ID}] = &before[i]
	}
	var changes []Change
	for i := range after {
		k := key{after[i].File, after[i].ID}
		o := was[k]
		delete(was, k)
		if o == nil || !bytes.Equal(o.JSON, after[i].JSON) {
			changes = append(changes, Change{k.id, k.file, o, &after[i]})
		}
	}
	for k, o := range was {
		changes = append(changes, Change{k.id, k.file, o, nil})
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.ID, b.ID))
	})
	return changes, nil
}

// YAML returns the record as it would stand in its file.
func (i *Item) YAML() (string, error) {
	text, err := yaml.JSONToYAML(i.JSON)
	return string(text), err
}
