package slack

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"stancebot/bot/installs"
	"stancebot/bot/phrases"
)

// Where the app is installed from, and where Slack sends people back to.
const (
	installPath  = "/slack/install"
	callbackPath = "/slack/oauth/callback"
)

// stateCookie holds the half of a state that the browser keeps, and the address does not tell.
const stateCookie = "stancebot_install"

//go:embed installpage.html
var installHTML string

var installTemplate = template.Must(template.New("install").Parse(installHTML))

// An installPage is what people see of an installation. Nothing of it is secret but what its button leads to before Slack is asked.
type installPage struct {
	Status   int
	Language string
	Nonce    string
	Title    string
	Lines    []string
	Go       *goOn
}

// A goOn is a button.
type goOn struct{ URL, Label string }

// show shows a page. It is kept nowhere, tells no other site where it was, and runs and frames nothing.
func (a *Adapter) show(w http.ResponseWriter, r *http.Request, p installPage) {
	p.Nonce = rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Language)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address holds a code
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(p.Status)
	if err := installTemplate.Execute(w, p); err != nil {
		a.Log.DebugContext(r.Context(), "a page was not shown to its end", "error", err)
	}
}

// pageOf is a page of which the catalogue has the title and the text.
func (a *Adapter) pageOf(r *http.Request, status int, key string, again bool) installPage {
	p := a.wants(r)
	page := installPage{Status: status, Language: p.Language, Title: p.Say("install." + key), Lines: []string{p.Say("install." + key + ".text")}}
	if again {
		page.Go = &goOn{a.pathOf(installPath), p.Say("install.again")}
	}
	return page
}

// pathOf is the path of a page as the browser sees it: what is public may lie below a path.
func (a *Adapter) pathOf(path string) string {
	public, err := url.Parse(a.PublicURL)
	if err != nil {
		return path
	}
	return strings.TrimSuffix(public.Path, "/") + path
}

// wants returns the catalogue of the language that a browser wants most, or of the one that is set.
func (a *Adapter) wants(r *http.Request) *phrases.Catalogue {
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if p := phrases.In(tag); p.Language == tag {
			return p
		}
	}
	return phrases.In(a.OAuth.Language)
}

// serveInstall begins an installation: what it is begun with comes back once, within ten minutes, to the same browser.
func (a *Adapter) serveInstall(w http.ResponseWriter, r *http.Request) {
	state := installs.State{Value: rand.Text(), Browser: rand.Text()}
	if err := a.begin(r.Context(), state); err != nil {
		key, status := "trouble", http.StatusServiceUnavailable
		if errors.Is(err, installs.ErrFull) {
			key = "busy"
		}
		a.Meter.Event(wayInstall, key)
		a.Log.ErrorContext(r.Context(), "an installation cannot be begun", "error", err)
		a.show(w, r, a.pageOf(r, status, key, true))
		return
	}
	a.Meter.Event(wayInstall, "begun")
	a.setCookie(w, state.Browser, int(installs.StateLife.Seconds()))
	p := a.wants(r)
	a.show(w, r, installPage{
		Status: http.StatusOK, Language: p.Language, Title: p.Say("install.title"), Lines: []string{p.Say("install.what"), p.Say("install.may"), p.Say("install.keeps")},
		Go: &goOn{a.authorizeURL(state.Value), p.Say("install.add")},
	})
}

func (a *Adapter) begin(ctx context.Context, s installs.State) error {
	store := a.OAuth.Store()
	if store == nil {
		return installs.ErrAway
	}
	return store.Begin(ctx, s, a.Now())
}

// setCookie sets the cookie, or with a negative age takes it away. Slack sends the browser back from another site: it must come along
// then.
func (a *Adapter) setCookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // it is Secure where the address is
		Name: stateCookie, Value: value, Path: a.pathOf("/slack/"), MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(a.PublicURL, "https://"),
	})
}

// serveCallback ends an installation.
func (a *Adapter) serveCallback(w http.ResponseWriter, r *http.Request) {
	page, outcome := a.callback(r)
	a.Meter.Event(wayInstall, outcome)
	a.setCookie(w, "", -1)
	a.show(w, r, page)
}

// callback ends an installation, and returns what the browser shows and what became of it.
func (a *Adapter) callback(r *http.Request) (page installPage, outcome string) {
	ctx, query := r.Context(), r.URL.Query()
	ours, err := a.finish(r, query.Get("state"))
	switch {
	case err != nil:
		a.Log.ErrorContext(ctx, "an installation cannot be ended", "error", err)
		return a.pageOf(r, http.StatusServiceUnavailable, "trouble", true), "trouble"
	case !ours:
		return a.pageOf(r, http.StatusBadRequest, "stale", true), "stale"
	case query.Get("error") == "access_denied":
		return a.pageOf(r, http.StatusOK, "cancelled", true), "cancelled"
	case query.Get("error") != "" || query.Get("code") == "":
		return a.pageOf(r, http.StatusBadRequest, "refused", true), "refused"
	}
	in, err := a.install(ctx, query.Get("code"))
	if err != nil {
		return a.failed(r, err)
	}
	return a.installed(r, in)
}

// finish reports whether somebody comes back from an installation that they began in this browser.
func (a *Adapter) finish(r *http.Request, state string) (bool, error) {
	cookie, err := r.Cookie(stateCookie)
	if state == "" || err != nil || cookie.Value == "" {
		return false, nil //nolint:nilerr // it was begun elsewhere
	}
	store := a.OAuth.Store()
	if store == nil {
		return false, installs.ErrAway
	}
	return store.Finish(r.Context(), installs.State{Value: state, Browser: cookie.Value}, a.Now())
}

// operators are what Slack says where the operator is to mend something.
var operators = map[string]bool{
	"invalid_client_id": true, "bad_client_secret": true, "bad_redirect_uri": true, "oauth_authorization_url_mismatch": true, "invalid_auth": true,
	"not_authed": true, "invalid_client": true,
}

// failed tells why an installation went wrong. Operators are told Slack's word, and nobody a code or a token.
func (a *Adapter) failed(r *http.Request, err error) (page installPage, outcome string) {
	kept, limited := (*notKeptError)(nil), (*slack.RateLimitedError)(nil)
	code := codeOf(err)
	a.Log.ErrorContext(r.Context(), "the app was not installed", "error", err)
	switch {
	case errors.As(err, &kept) || errors.Is(err, installs.ErrAway):
		return a.pageOf(r, http.StatusServiceUnavailable, "trouble", true), "trouble"
	case operators[code]:
		return a.pageOf(r, http.StatusBadGateway, "operator", false), "operator"
	case code != "" && !passing[code]:
		return a.pageOf(r, http.StatusBadRequest, "refused", true), "refused"
	case errors.As(err, &limited):
	}
	return a.pageOf(r, http.StatusBadGateway, "away", true), "away"
}

// installed tells that it is done, whose desk it is, and how to begin.
func (a *Adapter) installed(r *http.Request, in *installs.Install) (page installPage, outcome string) {
	p := a.wants(r)
	page = installPage{Status: http.StatusOK, Language: p.Language, Title: p.Say("install.done", "workspace", in.Name)}
	lines := []string{p.Say("install.done.try")}
	if in.Team != "" {
		desk, editor, err := a.OAuth.Settle(r.Context(), in.Team, in.Installer)
		if err != nil {
			a.Log.ErrorContext(r.Context(), "a workspace has no desk yet: it is given one when it is installed again", "workspace", in.Workspace.String(), "error", err)
			return a.pageOf(r, http.StatusServiceUnavailable, "trouble", true), "trouble"
		}
		switch {
		case editor:
			lines = append(lines, p.Say("install.done.editor", "desk", desk))
		case desk != "":
			lines = append(lines, p.Say("install.done.desk", "desk", desk))
		}
	} else {
		lines = append(lines, p.Say("install.done.organisation"))
	}
	page.Lines = lines
	page.Go = &goOn{"https://slack.com/app_redirect?" + redirectTo(in).Encode(), p.Say("install.open")}
	return page, "installed"
}

// redirectTo names the app where it was installed.
func redirectTo(in *installs.Install) url.Values {
	v := url.Values{"app": {in.App}}
	if in.Team != "" {
		v.Set("team", in.Team)
	}
	return v
}
