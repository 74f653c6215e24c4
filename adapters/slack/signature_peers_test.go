package slack

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
)

// A signedRequest is a request as the judge reads it: want says whether we take it, Now is the clock by which it is too old.
type signedRequest struct {
	ID        string `json:"id"`
	Secret    string `json:"secret"`
	Timestamp string `json:"timestamp"`
	Body      string `json:"body"`
	Signature string `json:"signature"`
	Want      bool   `json:"want"`
	Now       int64  `json:"now"`
}

// Bolt, Slack's own framework, takes the requests that we take, and refuses those that we refuse. Those from the future are left
// out: Bolt takes them, and we do not when they are more than five minutes ahead.
func TestBoltAgreesOnSignatures(t *testing.T) {
	const secret = "8f742231b10e8888abcd99yyyzzz85a5"
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var requests []signedRequest
	for i, body := range []string{
		"", "{}", `{"type":"event_callback","event":{"text":"¿Perú? 秘鲁 👍"}}`, "token=x&command=%2Fstance&text=peru+%26+chile", "a\nb\r\n\x00c", "v0:1:2",
	} {
		for _, age := range []time.Duration{0, time.Second, 4 * time.Minute, maxAge - time.Second, maxAge, maxAge + time.Second, time.Hour, 24 * 365 * time.Hour} {
			stamp := strconv.FormatInt(now.Add(-age).Unix(), 10)
			right := "v0=" + hex.EncodeToString(newSigner(secret).sign(stamp, []byte(body)))
			other := "v0=" + hex.EncodeToString(newSigner(secret+"x").sign(stamp, []byte(body)))
			add := func(what, stamp, body, signature string) {
				header := http.Header{"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {signature}}
				requests = append(requests, signedRequest{
					fmt.Sprintf("body %d, %s old: %s", i, age, what), secret, stamp, body, signature, newSeal(secret).verify(header, []byte(body), now) == nil, now.Unix(),
				})
			}
			add("right", stamp, body, right)
			add("wrong secret", stamp, body, other)
			add("changed body", stamp, body+" ", right)
			add("changed time", strconv.FormatInt(now.Unix()-2, 10), body, right)
			add("no version", stamp, body, right[3:])
			add("another version", stamp, body, "v1="+right[3:])
			add("cut", stamp, body, right[:len(right)-2])
			add("longer", stamp, body, right+"00")
			add("no hex", stamp, body, "v0=zz"+right[5:])
			add("no signature", stamp, body, "")
			add("no time", "", body, right)
			add("a time in words", "now", body, right)
		}
	}
	taken := 0
	for _, r := range requests {
		if r.Want {
			taken++
		}
	}
	if taken != 6*5 { // what is right and at most five minutes old
		t.Errorf("we take %d of %d requests", taken, len(requests))
	}
	peers.Check(t, peers.Slack, "check-signatures.mjs", requests)
}
