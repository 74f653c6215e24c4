package lenient_test

import (
	"testing"

	"stancebot/adapters/lenient"
)

func TestObject(t *testing.T) {
	o, err := lenient.Read([]byte(`{"s":"x","n":7,"t":true,"z":null,"o":{"s":"y"},"l":[{"n":1},3,{"n":2}],"odd":{"n":"seven","l":{}}}`))
	if err != nil {
		t.Fatal(err)
	}
	list := o.List("l")
	if o.Text("s") != "x" || o.Number("n") != 7 || !o.Is("t") || o.Has("z") || !o.Has("o") || o.In("o").Text("s") != "y" || len(list) != 2 || list[1].Number("n") != 2 {
		t.Errorf("reads %v", o)
	}
	odd := o.In("odd")
	if o.Text("n") != "" || o.Number("s") != 0 || o.Is("s") || odd.Number("n") != 0 || odd.List("l") != nil || o.In("s").Has("s") || o.Has("none") {
		t.Error("another form is as good as none")
	}
	for _, text := range []string{"", "[]", "null", "7", "{", "\xff"} {
		if _, err := lenient.Read([]byte(text)); err == nil {
			t.Errorf("%q is no object", text)
		}
	}
}

func BenchmarkObject(b *testing.B) {
	raw := []byte(`{"update_id":100000001,"message":{"message_id":1,"from":{"id":7000000000,"is_bot":false,"first_name":"Ana","username":"ana1",` +
		`"language_code":"en"},"chat":{"id":7000000000,"first_name":"Ana","type":"private"},"date":1700000000,"text":"/stance Peru",` +
		`"entities":[{"offset":0,"length":7,"type":"bot_command"}]}}`)
	b.ReportAllocs()
	for b.Loop() {
		o, err := lenient.Read(raw)
		if m := o.In("message"); err != nil || m.Text("text") == "" || m.In("chat").Number("id") == 0 || len(m.List("entities")) != 1 {
			b.Fatal("it is read otherwise")
		}
	}
}
