package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// The measure is worth nothing if an answer that is missing, or one too many, is not seen. Answers come as forms or in JSON, with
// their length before them or in chunks, over connections that are kept.
func TestBotAPICountsAnswers(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()                                        //nolint:errcheck // nobody waits for it
	go (&botAPI{patience: 50 * time.Millisecond}).serve(listener) //nolint:errcheck // it ends with the test
	call := func(method string, body io.Reader) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listener.Addr().String()+"/bot1:x/"+method, body)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	send := func(i int) {
		bodies := []string{`{"chat_id":%d,"text":"chat_id=1&chat_id=2"}`, `{"text":"{\"chat_id\":1","chat_id":%d}`, "chat_id=%d&text=x", "a=%%7B%%22chat_id%%22%%3A1&chat_id=%d"}
		body := io.Reader(strings.NewReader(fmt.Sprintf(bodies[i%4], firstChat+i)))
		if i > 2 {
			body = io.MultiReader(body) // whose length nobody knows
		}
		if got := call("sendMessage", body); !strings.HasPrefix(got, `{"ok":true,"result":{"message_id"`) {
			t.Errorf("message %d: %s", i, got)
		}
	}
	awaited := func(from, to int) (lost, twice int) {
		var told answers
		if err := json.Unmarshal([]byte(call(fmt.Sprintf("await?from=%d&to=%d", from, to), http.NoBody)), &told); err != nil {
			t.Fatal(err)
		}
		return told.Lost, told.Twice
	}
	for _, body := range []string{`{"chat_id":1}`, `{"text":"7000000001"}`, "", "text=chat_id=7000000001"} {
		if got := call("sendMessage", strings.NewReader(body)); !strings.Contains(got, "chat not found") {
			t.Errorf("a chat of no series: %s: %s", body, got)
		}
	}
	for i := range 4 {
		send(i)
	}
	var sending sync.WaitGroup
	sending.Go(func() { send(4) })
	if lost, twice := awaited(0, 5); lost != 0 || twice != 0 {
		t.Errorf("all were sent: lost %d, twice %d", lost, twice)
	}
	sending.Wait()
	send(2)
	if lost, twice := awaited(3, 7); lost != 2 || twice != 1 {
		t.Errorf("two were not sent, and one twice: lost %d, twice %d", lost, twice)
	}
}
