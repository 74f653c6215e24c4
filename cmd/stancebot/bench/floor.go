package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// commandSecret signs the slash commands of a Lab.
const commandSecret = "0123456789abcdef0123456789abcdef"

// floorSize is how many bytes the floor answers with: about as many as the answer to the stance of a country.
const floorSize = 3200

// ServeFloor is what a process does that is started as the floor: what nobody can leave out. It reads a slash command, checks its signature, and answers
// with what was asked, and blanks up to the size of an answer.
func ServeFloor(ctx context.Context, addr string) error {
	padding := strings.Repeat(" ", floorSize)
	server := &http.Server{Addr: addr, ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		mac := hmac.New(sha256.New, []byte(commandSecret))
		fmt.Fprintf(mac, "v0:%s:%s", r.Header.Get("X-Slack-Request-Timestamp"), body)
		right := "v0=" + hex.EncodeToString(mac.Sum(nil))
		form, err2 := url.ParseQuery(string(body))
		if errors.Join(err, err2) != nil || !hmac.Equal([]byte(right), []byte(r.Header.Get("X-Slack-Signature"))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		text := form.Get("text")
		_, _ = io.WriteString(w, text+padding[:max(0, floorSize-len(text))])
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
