package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stancebot/adapters/store/seal"
)

var (
	one = strings.Repeat("1f", seal.KeySize)
	two = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{2}, seal.KeySize))
)

func keys(t *testing.T, list string) *seal.Keys {
	t.Helper()
	k, err := seal.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// What is sealed opens with its key, about the same, and never otherwise.
func TestSeal(t *testing.T) {
	for _, text := range []string{"", "xoxb-hunter2", strings.Repeat("é", 5000)} {
		sealed := keys(t, one).Seal(text, "T1")
		if text != "" && bytes.Contains(sealed, []byte(text)) {
			t.Error("it can be read")
		}
		if bytes.Equal(sealed, keys(t, one).Seal(text, "T1")) {
			t.Error("it is the same twice")
		}
		for list, old := range map[string]bool{one: false, one + "," + two: false, two + ", " + one: true} {
			if got, was, err := keys(t, list).Open(sealed, "T1"); got != text || was != old || err != nil {
				t.Errorf("opens as %.20q, %t, %v", got, was, err)
			}
		}
		if _, _, err := keys(t, two).Open(sealed, "T1"); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("another key: %v", err)
		}
		if _, _, err := keys(t, one).Open(sealed, "T2"); !errors.Is(err, seal.ErrTampered) {
			t.Errorf("about something else: %v", err)
		}
	}
	sealed := keys(t, one).Seal("xoxb-hunter2", "T1")
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		for _, bad := range [][]byte{changed, sealed[:i]} {
			if got, _, err := keys(t, one).Open(bad, "T1"); err == nil || got != "" {
				t.Errorf("changed or cut at %d it opens as %q", i, got)
			}
		}
	}
}

func TestParse(t *testing.T) {
	raw := bytes.Repeat([]byte{0xfb}, seal.KeySize)
	for _, good := range []string{hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), " " + one + " ,\n" + two} {
		k := keys(t, good)
		if said := fmt.Sprintf("%v %+v %#v", k, k, k); strings.Trim(said, "* ") != "" {
			t.Errorf("a key is printed: %s", said)
		}
	}
	for bad, want := range map[string]string{"": "key 1", "hunter2": "key 1", one + ",hunter2": "key 2", one + one: "key 1", one[:62]: "key 1", one + ",": "key 2"} {
		if _, err := seal.Parse(bad); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
