package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxAge is how old a request may be: an older one may have been recorded by somebody and sent again.
const maxAge = 5 * time.Minute

var (
	errUnsigned = errors.New("the request is not signed by Slack with this app's signing secret")
	errOld      = errors.New("the request is older than five minutes, or this machine's clock is wrong")
)

// verify holds a request's signature against its raw body. slack-go's own check reads the machine's clock, which tests and
// the rest of the program do not.
func verify(secret []byte, header http.Header, body []byte, now time.Time) error {
	stamp := header.Get("X-Slack-Request-Timestamp")
	digits, ok := strings.CutPrefix(header.Get("X-Slack-Signature"), "v0=")
	if len(secret) == 0 || !ok || stamp == "" {
		return errUnsigned
	}
	signed, err := hex.DecodeString(digits)
	if err != nil || !hmac.Equal(signed, sign(secret, stamp, body)) {
		return errUnsigned
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errUnsigned
	}
	if age := now.Sub(time.Unix(seconds, 0)); age.Abs() > maxAge {
		return errOld
	}
	return nil
}

// sign computes the signature of a body at a time, in seconds since 1970.
func sign(secret []byte, stamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("v0:"))
	mac.Write([]byte(stamp))
	mac.Write([]byte(":"))
	mac.Write(body)
	return mac.Sum(nil)
}
