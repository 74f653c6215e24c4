package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stancebot/adapters/admin"
)

// health asks at an address, and returns the exit status and what was printed.
func health(t *testing.T, addr string, args ...string) (code int, said string) {
	t.Helper()
	set(t, map[string]string{"ADMIN_ADDR": addr})
	var out bytes.Buffer
	code = run(t.Context(), append([]string{"health"}, args...), nil, &out, &out)
	return code, out.String()
}

func TestHealthOfWhatServes(t *testing.T) {
	p := serveWith(t, newSlackWorkspace(t), map[string]string{"SLACK_SIGNING_SECRET": testSigning})
	if code, said := health(t, p.admin); code != exitOK || !strings.Contains(said, "it answers: program ") {
		t.Errorf("while it serves: %d %s", code, said)
	}
	if code, said := health(t, p.admin, "--live"); code != exitOK || said != "it runs\n" {
		t.Errorf("while it lives: %d %s", code, said)
	}
	p.stop()
	for _, args := range [][]string{nil, {"--live"}} {
		if code, said := health(t, p.admin, args...); code != exitFailure || !strings.Contains(said, "nobody answers") {
			t.Errorf("after its end: %d %s", code, said)
		}
	}
}

func TestHealthOfWhatIsNotReady(t *testing.T) {
	report := admin.Report{}
	s := httptest.NewServer(admin.Handler(func() admin.Report { return report }, admin.NewMetrics()))
	defer s.Close()
	addr := s.Listener.Addr().String()
	if code, said := health(t, addr); code != exitFailure || !strings.Contains(said, "not ready: status 503") {
		t.Errorf("it stops: %d %s", code, said)
	}
	if code, said := health(t, addr, "--live"); code != exitOK {
		t.Errorf("it stops, and lives: %d %s", code, said)
	}
	report = admin.Report{Ready: true, Behind: "the database is away"}
	if code, said := health(t, addr); code != exitOK || !strings.Contains(said, "the database is away") {
		t.Errorf("it lacks something: %d %s", code, said) // it still answers, from what it read
	}
}

func TestHealthOfAnotherProgram(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("welcome")) }))
	defer s.Close()
	if code, said := health(t, s.Listener.Addr().String()); code != exitFailure || !strings.Contains(said, "another program") {
		t.Errorf("another program: %d %s", code, said)
	}
	if code, said := health(t, "9090"); code != exitUsage || !strings.Contains(said, "127.0.0.1:9090") {
		t.Errorf("no address: %d %s", code, said)
	}
}
