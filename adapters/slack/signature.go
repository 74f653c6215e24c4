package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxAge is how old a request may be: an older one may have been recorded by somebody and sent again.
const maxAge = 5 * time.Minute

var (
	errUnsigned = errors.New("the request is not signed by Slack with this app's signing secret")
	errOld      = errors.New("the request is older than five minutes, or this machine's clock is wrong")
)

// A seal verifies signatures by one signing secret. It keeps what it signs with: to prepare that for each request takes longer than to
// sign what Slack sends. It is safe for concurrent use.
type seal struct{ signers sync.Pool }

// newSeal returns the seal of a secret, nil for none: nothing is signed then.
func newSeal(secret string) *seal {
	if secret == "" {
		return nil
	}
	return &seal{sync.Pool{New: func() any { return newSigner(secret) }}}
}

// A signer signs one request at a time.
type signer struct {
	mac       hash.Hash
	head, sum []byte
}

func newSigner(secret string) *signer { return &signer{mac: hmac.New(sha256.New, []byte(secret))} }

// verify holds a request's signature against its raw body. slack-go's own check reads the machine's clock, which tests and
// the rest of the program do not.
func (s *seal) verify(header http.Header, body []byte, now time.Time) error {
	stamp := header.Get("X-Slack-Request-Timestamp")
	digits, ok := strings.CutPrefix(header.Get("X-Slack-Signature"), "v0=")
	if s == nil || !ok || stamp == "" {
		return errUnsigned
	}
	signed, err := hex.DecodeString(digits)
	if err != nil || !s.signs(signed, stamp, body) {
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

// signs reports whether a signature is that of a body at a time, in seconds since 1970.
func (s *seal) signs(signed []byte, stamp string, body []byte) bool {
	by, _ := s.signers.Get().(*signer)
	defer s.signers.Put(by)
	return hmac.Equal(signed, by.sign(stamp, body))
}

// sign returns the signature, which stands until the next one.
func (s *signer) sign(stamp string, body []byte) []byte {
	s.mac.Reset()
	s.head = append(append(append(s.head[:0], "v0:"...), stamp...), ':')
	s.mac.Write(s.head)
	s.mac.Write(body)
	s.sum = s.mac.Sum(s.sum[:0])
	return s.sum
}
