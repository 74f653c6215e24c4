package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
)

// maxBody is the largest update that is read. Telegram's are far smaller.
const maxBody = 1 << 20

// Handler takes the updates that Telegram sends: POST /telegram/webhook.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /telegram/webhook", a.serveUpdate)
	return mux
}

// serveUpdate takes an update when it bears our secret. It answers as soon as the update is recorded, and with nothing:
// Telegram would do what an answer says.
func (a *Adapter) serveUpdate(w http.ResponseWriter, r *http.Request) {
	if !sameSecret(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), a.WebhookSecret) {
		a.Meter.Event("http", "unsigned")
		http.Error(w, "the secret token is not ours", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the update could not be read", status)
		return
	}
	if v, _ := a.receive(r.Context(), body); v == refused {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// sameSecret compares in a time that tells nothing of either, its length included. Without a secret of ours nothing is the same.
func sameSecret(theirs, ours string) bool {
	a, b := sha256.Sum256([]byte(theirs)), sha256.Sum256([]byte(ours))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && ours != ""
}
