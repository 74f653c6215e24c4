package question

import (
	"testing"
	"time"
	_ "time/tzdata"

	"stancebot/knowledge/places"
)

// Every zone that an order can name is one that the program can load, and every capital has one.
func TestEveryZoneLoads(t *testing.T) {
	z := zones()
	for name, zone := range z.names {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, c := range places.Members() {
		if z.capitals[c] == "" {
			t.Errorf("no zone of the capital of %s", c)
		}
	}
}

func TestZonesAreNamedOnce(t *testing.T) {
	z := zones()
	for last, list := range z.lasts {
		if len(list) > 1 {
			t.Logf("%q fits %v", last, list)
		}
	}
	if _, err := parseZones("America/Lima\n"); err == nil {
		t.Error("a zone without a member is accepted")
	}
}
