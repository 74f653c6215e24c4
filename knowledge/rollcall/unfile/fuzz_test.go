package unfile_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/rollcall"
	"stancebot/knowledge/rollcall/unfile"
)

// Whatever the bytes: reading ends, every roll call is taken or refused with its line, and what is taken holds.
func FuzzRead(f *testing.F) {
	calls := full(f, corpustest.Records(f))
	for _, form := range forms {
		text := form.write(f, calls[:1])
		f.Add([]byte(text[:min(len(text), 2_000)])) // cut off: small enough to be changed well
	}
	for _, text := range []string{
		"", "\xff\xfem\x00", "ms_code,ms_vote,date,resolution\n", "\"ms_code\",ms_vote,date,resolution\r\n\"SUN\",Y,1981-12-16,\"A/RES/36/1\"\r\n",
		"ms_code,ms_vote,date,resolution,total_ms,title\nSUN,Y,12/16/1981,A/RES/36/1[A],2,\"a \"\"b\"\"\nc\"\nUSA,NV,12/16/1981,A/RES/36/1[A],2,\"a \"\"b\"\"\nc\"\n",
		"ms_code;ms_vote;date;resolution;total_ms\nSUN;Y;16/12/1981;A/RES/377(V)A;1\n\"\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := unfile.Read(strings.NewReader(string(text)), options)
		if fe := (*unfile.FileError)(nil); errors.As(err, &fe) {
			if fe.Line < 1 || fe.What == "" || fe.Do == "" {
				t.Fatalf("%+v", fe)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		r := file.Report
		if r.Accepted+len(r.RefusedCalls) != r.Calls {
			t.Fatalf("%+v", r)
		}
		last := strings.Count(string(text), "\n") + 1
		for _, x := range slices.Concat(r.RefusedCalls, r.RefusedRows) {
			if x.Line < 2 || x.Line > last || x.What == "" || x.Do == "" {
				t.Fatalf("%+v of %d lines", x, last)
			}
		}
		for c := range file.Calls() {
			if faults := rollcall.VerifySums(&c.RollCall); len(faults) > 0 || knowledge.ReceiptKindOf(c.ID) != knowledge.RollCallReceipt {
				t.Fatalf("%s: %v", c.ID, faults)
			}
			if _, err := json.Marshal(c.RollCall); err != nil {
				t.Fatal(err)
			}
		}
	})
}
