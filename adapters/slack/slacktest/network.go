package slacktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// NetworkOptions say what app a Network knows. The zero value is one whose tokens do not expire.
type NetworkOptions struct {
	ClientID     string // "11.22"
	ClientSecret string // "client-secret"
	RedirectURL  string // that people are sent back to where the app names none
	Rotation     bool   // tokens expire
	Now          func() time.Time
	// Fault decides of a call of oauth.v2.access, oauth.v2.exchange, auth.revoke and apps.uninstall, before it is done: an error that Slack
	// answers, "lost" for an answer that does not arrive though it was done, "" for none.
	Fault func(method string) string
}

// A Network is a Slack of several workspaces, each a Server, in which people install one app, by OAuth. It gives each install a token,
// and takes it for calls of that workspace alone. Of an organisation's install, the token is that of all its workspaces.
type Network struct {
	Options NetworkOptions

	http *httptest.Server

	mu       sync.Mutex
	servers  []*Server
	codes    map[string]*code
	installs []*installed
	asked    map[string]int // calls, by method and the error that they were answered with
	serial   int
}

// A code is what a person comes back with.
type code struct {
	enterprise, team, user, redirect string
	at                               time.Time
	used                             bool
}

// An installed is the app in a workspace or an organisation.
type installed struct {
	enterprise, team string
	tokens           []*pair // oldest first
	gone             bool
}

// A pair is a token, and what renews it. What takes its place is used from its first use on; until then the pair's refresh is good.
type pair struct {
	access, refresh string
	expires         time.Time
	spent           bool // its refresh
	revoked         bool
}

// NewNetwork starts a network; stop it with Close.
func NewNetwork(o NetworkOptions) *Network {
	if o.ClientID == "" {
		o.ClientID = "11.22"
	}
	if o.ClientSecret == "" {
		o.ClientSecret = "client-secret"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	n := &Network{Options: o, codes: map[string]*code{}, asked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", n.serve)
	n.http = httptest.NewServer(mux)
	return n
}

// Close stops the network and its workspaces.
func (n *Network) Close() {
	for _, s := range n.servers {
		s.Close()
	}
	n.http.CloseClientConnections()
	n.http.Close()
}

// APIURL is the base of the Web API's methods, with a slash at its end.
func (n *Network) APIURL() string { return n.http.URL + "/api/" }

// idsEach is how far the ids of workspaces are apart: Slack gives none twice.
const idsEach = 1_000_000

// Add adds a workspace. Its token is the one that a workspace's own app would have.
func (n *Network) Add(o Options) *Server {
	s := New(o)
	n.mu.Lock()
	defer n.mu.Unlock()
	s.lastID = len(n.servers) * idsEach
	n.servers = append(n.servers, s)
	return s
}

// Made gives a workspace the token of its Options, as an app has that was made in it and not installed by OAuth.
func (n *Network) Made(s *Server) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.installs = append(n.installs, &installed{team: s.Options.TeamID, tokens: []*pair{{access: s.Options.BotToken}}})
}

// Allow is what a person does at the address that the app sent them to: they allow it in their workspace, or with an enterprise and no
// team in their organisation. It returns the address that Slack sends their browser to.
func (n *Network) Allow(address, enterprise, team, user string) (string, error) {
	back, values, err := n.asks(address)
	if err != nil {
		return "", err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	name := n.newToken("code")
	n.codes[name] = &code{enterprise: enterprise, team: team, user: user, redirect: values.Get("redirect_uri"), at: n.Options.Now()}
	return back + "?" + url.Values{"code": {name}, "state": values["state"]}.Encode(), nil
}

// Deny is what a person does who does not want the app.
func (n *Network) Deny(address string) (string, error) {
	back, values, err := n.asks(address)
	return back + "?" + url.Values{"error": {"access_denied"}, "state": values["state"]}.Encode(), err
}

// asks reads the address that a person is sent to.
func (n *Network) asks(address string) (back string, values url.Values, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", nil, err
	}
	values = u.Query()
	back = values.Get("redirect_uri")
	if back == "" {
		back = n.Options.RedirectURL
	}
	switch {
	case u.Scheme+"://"+u.Host+u.Path != n.http.URL+"/oauth/v2/authorize":
		return back, values, fmt.Errorf("nobody allows an app at %s", u.Path)
	case values.Get("client_id") != n.Options.ClientID, values.Get("scope") == "", values.Get("state") == "":
		return back, values, errors.New("the address names no app, no scope or no state")
	}
	return back, values, nil
}

// Tokens lists every token and refresh token that was ever given.
func (n *Network) Tokens() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []string
	for _, in := range n.installs {
		for _, p := range in.tokens {
			all = append(all, p.access, p.refresh)
		}
	}
	for name := range n.codes {
		all = append(all, name)
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// Asked counts calls of a method that were answered with an error, "" for those that were done.
func (n *Network) Asked(method, err string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[method+" "+err]
}

// Uninstall takes the app out of a workspace or an organisation, and tells it so by events in an order, from one of its workspaces:
// app_uninstalled, tokens_revoked.
func (n *Network) Uninstall(ctx context.Context, s *Server, order ...string) error {
	n.mu.Lock()
	n.revoke(s)
	n.mu.Unlock()
	for _, kind := range order {
		if err := n.Tell(ctx, s, kind); err != nil {
			return err
		}
	}
	return nil
}

// Tell tells the app that it was taken out, whether it was or not.
func (n *Network) Tell(ctx context.Context, s *Server, kind string) error {
	inner := object{"type": kind}
	if kind == "tokens_revoked" {
		inner["tokens"] = object{"oauth": []string{}, "bot": []string{s.Options.BotUserID}}
	}
	r, err := s.Event(ctx, Event{Inner: inner, Outer: object{"authorizations": []object{}, "is_enterprise_install": s.Options.OrgInstall}})
	if err == nil && !r.Acked {
		err = fmt.Errorf("%s was not acknowledged: %s", kind, r.Reason)
	}
	return err
}

// revoke revokes what is installed where a workspace is; n.mu is held.
func (n *Network) revoke(s *Server) {
	for _, in := range n.installs {
		if in.serves(s) {
			in.gone = true
			for _, p := range in.tokens {
				p.revoked = true
			}
		}
	}
}

func (in *installed) serves(s *Server) bool {
	if in.team == "" {
		return in.enterprise == s.Options.EnterpriseID
	}
	return in.team == s.Options.TeamID
}

// newToken returns what nobody guesses and nobody had before; n.mu is held.
func (n *Network) newToken(prefix string) string {
	n.serial++
	return fmt.Sprintf("%s-%04d-hunter2", prefix, n.serial)
}

// serve answers a call: of OAuth itself, and of what is in a workspace by its Server.
func (n *Network) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	args := url.Values{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		args, _ = url.ParseQuery(string(body))
	}
	method := r.PathValue("method")
	serve := map[string]func(*http.Request, url.Values) (object, error){
		"oauth.v2.access": n.access, "oauth.v2.exchange": n.exchange, "auth.revoke": n.authRevoke, "apps.uninstall": n.appsUninstall,
	}[method]
	if serve == nil {
		n.pass(w, r, args)
		return
	}
	fault := ""
	if n.Options.Fault != nil {
		fault = n.Options.Fault(method)
	}
	var result object
	switch fault {
	case "", "lost":
		n.mu.Lock()
		result, err = serve(r, args)
		n.mu.Unlock()
	default:
		err = refuse(fault)
	}
	n.count(method, err)
	if fault == "lost" {
		panic(http.ErrAbortHandler)
	}
	refused := (*apiError)(nil)
	errors.As(err, &refused)
	writeAPI(w, result, refused)
}

func (n *Network) count(method string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	said := ""
	if err != nil {
		said = err.Error()
	}
	n.asked[method+" "+said]++
}

// client refuses who is not the app.
func (n *Network) client(r *http.Request, args url.Values) error {
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = args.Get("client_id"), args.Get("client_secret")
	}
	switch {
	case id != n.Options.ClientID:
		return refuse("invalid_client_id")
	case secret != n.Options.ClientSecret:
		return refuse("bad_client_secret")
	}
	return nil
}

// lifeOfToken is how long a token lives that expires, and lifeOfCode a code.
const (
	lifeOfToken = 12 * time.Hour
	lifeOfCode  = 10 * time.Minute
)

// access gives a token for a code or a refresh token.
func (n *Network) access(r *http.Request, args url.Values) (object, error) {
	if err := n.client(r, args); err != nil {
		return nil, err
	}
	if args.Get("grant_type") == "refresh_token" {
		return n.refresh(args.Get("refresh_token"))
	}
	c := n.codes[args.Get("code")]
	switch {
	case c == nil, n.Options.Now().Sub(c.at) > lifeOfCode:
		return nil, refuse("invalid_code")
	case c.used:
		return nil, refuse("code_already_used")
	case c.redirect != args.Get("redirect_uri"):
		return nil, refuse("bad_redirect_uri")
	}
	c.used = true
	in := find(n.installs, func(in *installed) bool { return in.team == c.team && in.enterprise == c.enterprise && !in.gone })
	if in == nil {
		in = &installed{enterprise: c.enterprise, team: c.team}
		n.installs = append(n.installs, in)
	}
	return n.granted(in, n.give(in), c), nil
}

// give gives an install a token, or tells the one it has where that does not expire; n.mu is held.
func (n *Network) give(in *installed) *pair {
	if last := len(in.tokens) - 1; last >= 0 && !n.Options.Rotation && !in.tokens[last].revoked {
		return in.tokens[last]
	}
	p := &pair{access: n.newToken("xoxb")}
	if n.Options.Rotation {
		p = &pair{access: n.newToken("xoxe.xoxb"), refresh: n.newToken("xoxe-1"), expires: n.Options.Now().Add(lifeOfToken)}
	}
	in.tokens = append(in.tokens, p)
	return p
}

// granted tells what was given.
func (n *Network) granted(in *installed, p *pair, c *code) object {
	answer := object{
		"access_token": p.access, "token_type": "bot", "scope": strings.Join(AllScopes(), ","), "app_id": "A1", "is_enterprise_install": in.team == "",
		"bot_user_id": "UBOT", "team": nil, "enterprise": nil,
	}
	if c != nil {
		answer["authed_user"] = object{"id": c.user}
	}
	if s := find(n.servers, in.serves); s != nil {
		answer["bot_user_id"] = s.Options.BotUserID
		if in.team != "" {
			answer["team"] = object{"id": in.team, "name": s.Options.TeamName}
		}
	}
	if in.enterprise != "" {
		answer["enterprise"] = object{"id": in.enterprise, "name": "Organisation"}
	}
	if p.refresh != "" {
		answer["refresh_token"], answer["expires_in"] = p.refresh, int(p.expires.Sub(n.Options.Now()).Seconds())
	}
	return answer
}

// refresh gives a new token for a refresh token: the last one, or the one before where what it was renewed by was never used.
func (n *Network) refresh(token string) (object, error) {
	for _, in := range n.installs {
		for i, p := range in.tokens {
			switch {
			case token == "" || p.refresh != token:
			case p.revoked || in.gone:
				return nil, refuse("token_revoked")
			case p.spent:
				return nil, refuse("invalid_refresh_token")
			default:
				n.use(in, i)
				for _, later := range in.tokens[i+1:] { // nobody has used them
					later.revoked, later.spent = true, true
				}
				return n.granted(in, n.give(in), nil), nil
			}
		}
	}
	return nil, refuse("invalid_refresh_token")
}

// use spends the refresh tokens before the one that is used; n.mu is held.
func (n *Network) use(in *installed, i int) {
	for _, before := range in.tokens[:i] {
		before.spent = true
	}
}

// exchange gives a token that expires for one that does not.
func (n *Network) exchange(r *http.Request, args url.Values) (object, error) {
	if err := n.client(r, args); err != nil {
		return nil, err
	}
	in, i, err := n.holder(args.Get("token"))
	if err != nil {
		return nil, err
	}
	if in.tokens[i].refresh != "" || !n.Options.Rotation {
		return nil, refuse("token_already_exchanged")
	}
	return n.granted(in, n.give(in), nil), nil
}

// holder finds whose token it is; n.mu is held.
func (n *Network) holder(token string) (*installed, int, error) {
	for _, in := range n.installs {
		for i, p := range in.tokens {
			switch {
			case token == "" || p.access != token:
			case in.gone:
				return nil, 0, refuse("account_inactive")
			case p.revoked:
				return nil, 0, refuse("token_revoked")
			case !p.expires.IsZero() && !n.Options.Now().Before(p.expires):
				return nil, 0, refuse("token_expired")
			default:
				return in, i, nil
			}
		}
	}
	if token == "" {
		return nil, 0, refuse("not_authed")
	}
	return nil, 0, refuse("invalid_auth")
}

func tokenOf(r *http.Request, args url.Values) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return args.Get("token")
}

func (n *Network) authRevoke(r *http.Request, args url.Values) (object, error) {
	in, i, err := n.holder(tokenOf(r, args))
	if err != nil {
		return nil, err
	}
	in.tokens[i].revoked = true
	return object{"revoked": true}, nil
}

// appsUninstall takes the app out. The events that tell so come later: see Tell.
func (n *Network) appsUninstall(r *http.Request, args url.Values) (object, error) {
	if id, secret := args.Get("client_id"), args.Get("client_secret"); id != n.Options.ClientID || secret != n.Options.ClientSecret {
		return nil, refuse("invalid_client_id")
	}
	in, _, err := n.holder(tokenOf(r, args))
	if err != nil {
		return nil, err
	}
	in.gone = true
	for _, p := range in.tokens {
		p.revoked = true
	}
	return object{}, nil
}

// pass has a call answered by the workspace whose token it has.
func (n *Network) pass(w http.ResponseWriter, r *http.Request, args url.Values) {
	n.mu.Lock()
	in, i, err := n.holder(tokenOf(r, args))
	var s *Server
	if err == nil {
		n.use(in, i)
		s = n.server(in, args)
	}
	n.mu.Unlock()
	n.count(r.PathValue("method"), err)
	if s == nil {
		refused := refuse("team_access_not_granted")
		errors.As(err, &refused)
		writeAPI(w, nil, refused)
		return
	}
	r.Header.Set("Authorization", "Bearer "+s.Options.BotToken) // which is what a Server takes
	s.api.ServeHTTP(w, r)
}

// server is the workspace that a call is about: of an organisation's install, the one that has its channel or person.
func (n *Network) server(in *installed, args url.Values) *Server {
	var first *Server
	for _, s := range n.servers {
		if !in.serves(s) {
			continue
		}
		if first == nil {
			first = s
		}
		s.mu.Lock()
		has := s.world.channel(args.Get("channel")) != nil || s.world.user(args.Get("user")) != nil
		s.mu.Unlock()
		if has {
			return s
		}
	}
	return first
}
