package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Where one signs in, and how long that lasts.
const (
	signInPath    = "/sign-in"
	sessionCookie = "stancebot_session"
	sessionTerm   = 12 * time.Hour
)

// knows reports whether a request comes with the token, or from a browser in which somebody signed in with it.
func (g *Guard) knows(r *http.Request) bool {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return g.isToken(token)
	}
	cookie, err := r.Cookie(sessionCookie)
	return err == nil && g.isSession(cookie.Value)
}

// isToken compares in a time that tells nothing, not even the length.
func (g *Guard) isToken(text string) bool {
	want, got := sha256.Sum256([]byte(g.Token)), sha256.Sum256([]byte(text))
	return g.Token != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// session is what a browser keeps in the token's place: when it ends, sealed with the token. Another token ends all of them.
func (g *Guard) session(ends time.Time) string {
	text := strconv.FormatInt(ends.Unix(), 10)
	return text + "." + base64.RawURLEncoding.EncodeToString(g.seal(text))
}

func (g *Guard) seal(text string) []byte {
	mac := hmac.New(sha256.New, []byte(g.Token))
	mac.Write([]byte("stancebot session " + text))
	return mac.Sum(nil)
}

func (g *Guard) isSession(value string) bool {
	text, sealed, _ := strings.Cut(value, ".")
	seal, err := base64.RawURLEncoding.DecodeString(sealed)
	ends, err2 := strconv.ParseInt(text, 10, 64)
	return err == nil && err2 == nil && g.Token != "" && hmac.Equal(seal, g.seal(text)) && g.Now().Before(time.Unix(ends, 0))
}

// remember has a browser keep that somebody signed in, or with an empty value forget it.
func (g *Guard) remember(w http.ResponseWriter, r *http.Request, value string) {
	g.leave(w, r, sessionCookie, value, sessionTerm)
}

// leave has a browser keep something so long, or with an empty value forget it. No script reads it, and no other site has it sent.
func (g *Guard) leave(w http.ResponseWriter, r *http.Request, name, value string, term time.Duration) {
	_, here := caller(r)
	cookie := &http.Cookie{ //nolint:gosec // loopback has no certificate
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(term.Seconds()),
		Secure: r.TLS != nil || !here && strings.HasPrefix(g.PublicURL, "https://"),
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// inside returns the page to go on to, one of this site in any case.
func inside(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
