package web

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"stancebot/bot/phrases"
)

// An Access tells who may see the pages.
type Access string

// The accesses. What tells who recorded something takes the token in any case.
const (
	OnLoopback Access = "loopback" // who sits at this machine
	ForAll     Access = "public"
	WithToken  Access = "token" // who knows the token
)

// Accesses lists them.
var Accesses = []Access{OnLoopback, ForAll, WithToken}

// LeastToken is how many characters a token has at least: a shorter one is guessed.
const LeastToken = 16

// A Guard decides who may see what of a site, and keeps off what no reader sends: requests that come by the name of another host,
// posts of other sites' pages, bodies that are too long or too slow, more requests than one reader can mean. Its fields are set
// before it is used.
type Guard struct {
	Access    Access // OnLoopback where it is empty
	Token     string // "" for none: what takes the token is not there then
	PublicURL string // by whose host the pages may be asked for, too
	Now       func() time.Time

	// refuse tells a reader why there is no answer, by a phrase of the catalogue.
	refuse func(w http.ResponseWriter, r *http.Request, status int, phrase string)
	pace   *pace
	body   time.Duration // how long a body may take; bodyLimit where it is 0
}

// The limits of what a reader sends.
const (
	maxBody   = 64 << 10
	bodyLimit = 5 * time.Second
	atOnce    = 120                    // requests of one address
	thenEvery = 100 * time.Millisecond // another
	addresses = 10_000                 // that are counted
)

// policy lets a page load what this site serves, send forms to it, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// headers are those of every response.
var headers = map[string]string{
	"Content-Security-Policy":      policy,
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
	"Referrer-Policy":              "same-origin", // addresses hold questions
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY", // for browsers that do not know frame-ancestors
}

// wrap puts the guard before a site.
func (g *Guard) wrap(site http.Handler) http.Handler {
	if g.pace == nil {
		g.pace = newPace(atOnce, thenEvery, addresses, g.Now)
	}
	if g.refuse == nil {
		g.refuse = refuse
	}
	return g.harden(g.near(g.paced(g.sameOrigin(g.known(g.whole(zipped(site)))))))
}

// refuse tells why there is no answer: a program as RFC 9457 says, and a reader in the browser's language.
func refuse(w http.ResponseWriter, r *http.Request, status int, phrase string) {
	if isProgram(r.URL.Path) {
		problem(w, status, phrases.In(phrases.Default).Say(phrase))
		return
	}
	language, _, _ := strings.Cut(r.Header.Get("Accept-Language"), "-")
	http.Error(w, phrases.In(language[:min(2, len(language))]).Say(phrase), status)
}

// harden tells browsers what pages may do.
func (*Guard) harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}

// near answers who may know that there are pages at all. On loopback that is this machine alone, and only by a name that is its
// own: the page of another site, whose name was made to lead here, asks by that name.
func (g *Guard) near(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch _, here := caller(r); {
		case g.Access == ForAll || g.Access == WithToken:
		case !here:
			http.NotFound(w, r)
			return
		case !g.ours(r.Host):
			g.refuse(w, r, http.StatusMisdirectedRequest, "site.refused.host")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ours reports whether a host is this machine by a name of its own, or that of the public address.
func (g *Guard) ours(host string) bool {
	if public, err := url.Parse(g.PublicURL); err == nil && public.Host != "" && strings.EqualFold(host, public.Host) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && ip.Unmap().IsLoopback()
}

// forwarding are headers that a proxy adds. They are believed where they deny that somebody sits at this machine, and never where they
// would grant it.
var forwarding = []string{
	"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip",
}

// caller returns the address by which a request is counted, and whether who asks sits at this machine. A proxy is on this machine or in its
// own net, and what it says last of the address before it is believed for the count.
func caller(r *http.Request) (addr netip.Addr, here bool) {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	addr = remote.Addr().Unmap()
	here = addr.IsLoopback() && r.ProtoAtLeast(1, 1) // the version before is spoken by proxies, some of which add no header
	for _, name := range forwarding {
		here = here && r.Header.Values(name) == nil
	}
	if before := r.Header.Values("X-Forwarded-For"); len(before) > 0 && (addr.IsLoopback() || addr.IsPrivate()) {
		last := before[len(before)-1]
		if ip, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); err == nil {
			addr = ip.Unmap()
		}
	}
	return addr, here
}

// paced answers no address that asks more than a reader can. Who sits at this machine is not counted.
func (g *Guard) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if addr, here := caller(r); !here {
			if wait := g.pace.take(addr); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
				g.refuse(w, r, http.StatusTooManyRequests, "site.refused.pace")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin takes posts from this site's own pages, and from what is no browser.
func (g *Guard) sameOrigin(next http.Handler) http.Handler {
	crossing := http.NewCrossOriginProtection()
	if public, err := url.Parse(g.PublicURL); err == nil && public.Host != "" { // a proxy may ask by another name
		_ = crossing.AddTrustedOrigin(public.Scheme + "://" + public.Host) // which is an origin
	}
	crossing.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.refuse(w, r, http.StatusForbidden, "site.refused.origin")
	}))
	return crossing.Handler(next)
}

// known answers whoever must be known only once that is so: who reads pages is led to where one signs in.
func (g *Guard) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		private := isPrivate(r.URL.Path)
		switch {
		case !private && (g.Access != WithToken || isOpen(r.URL.Path)) || g.Token != "" && g.knows(r):
			if private || g.Access == WithToken {
				w.Header().Set("Cache-Control", "private, no-store")
			}
			next.ServeHTTP(w, r)
		case g.Token == "":
			g.refuse(w, r, http.StatusNotFound, "site.refused.tokenless")
		case isProgram(r.URL.Path) || r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("WWW-Authenticate", `Bearer realm="stancebot"`)
			g.refuse(w, r, http.StatusUnauthorized, "site.refused.token")
		default:
			http.Redirect(w, r, signInPath+"?"+url.Values{"to": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		}
	})
}

// isPrivate reports whether a path tells who recorded something. The path is as the routes see it.
func isPrivate(at string) bool {
	at = path.Clean(at)
	for _, private := range []string{"/ledger", "/history", "/api/v1/ledger"} {
		if at == private || strings.HasPrefix(at, private+"/") {
			return true
		}
	}
	return false
}

// isOpen reports whether a path shows nothing of the records: what is needed to sign in.
func isOpen(at string) bool {
	at = path.Clean(at)
	return at == signInPath || strings.HasPrefix(at, "/assets/")
}

// isProgram reports whether programs ask for a path, which fill in no form.
func isProgram(at string) bool {
	return strings.HasPrefix(at, "/api/") || strings.HasSuffix(at, ".atom")
}

// whole reads the body of a request before anybody looks at it, within its limits.
func (g *Guard) whole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		controller := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			_ = controller.SetReadDeadline(time.Now().Add(cmp.Or(g.body, bodyLimit))) // of the wire; a recorder of tests has none
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
			switch tooLong := (*http.MaxBytesError)(nil); {
			case errors.As(err, &tooLong):
				g.refuse(w, r, http.StatusRequestEntityTooLarge, "site.refused.length")
				return
			case errors.Is(err, os.ErrDeadlineExceeded):
				w.Header().Set("Connection", "close")
				g.refuse(w, r, http.StatusRequestTimeout, "site.refused.slow")
				return
			case err != nil: // who sent it has gone
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		_ = controller.SetReadDeadline(time.Time{}) // a response may take longer than its request did
		next.ServeHTTP(w, r)
	})
}
