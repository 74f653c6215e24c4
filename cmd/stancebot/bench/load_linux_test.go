package bench

import "testing"

// The load is worth nothing if it takes a refusal for an answer, or half of one for all.
func TestLoadReadsResponses(t *testing.T) {
	for _, test := range []struct {
		got                   string
		wordless, whole, good bool
	}{
		{"HTTP/1.1 2", false, false, true},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false, false, true},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", false, false, true},
		{"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nA: b\r\n\r\nab", false, true, true},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", false, true, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, true, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, true, true},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\na", true, true, false},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", false, false, true},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", false, true, true},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false, true, false},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true, true, true},
		{"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", true, false, false},
	} {
		if whole, good := response([]byte(test.got), test.wordless); whole != test.whole || good != test.good {
			t.Errorf("%q: whole %v, good %v; want %v, %v", test.got, whole, good, test.whole, test.good)
		}
	}
}
