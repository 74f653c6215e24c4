package telegramtest

import (
	"net"
	"strconv"
	"strings"
)

// linkedUser returns the person whom a link mentions, as in tg://user?id=1; 0 for none.
func linkedUser(link string) int64 {
	rest, ok := strings.CutPrefix(lower(link), "tg:")
	if !ok {
		return 0
	}
	rest, ok = strings.CutPrefix(strings.TrimPrefix(rest, "//"), "user?")
	if !ok {
		return 0
	}
	for parameter := range strings.SplitSeq(rest, "&") {
		if id, found := strings.CutPrefix(parameter, "id="); found {
			n, err := strconv.ParseInt(id, 10, 64)
			if err == nil && n > 0 {
				return n
			}
		}
	}
	return 0
}

// checkedLink returns a link as Telegram keeps it, and "" for what it drops: other schemes than http, https, tg and ton, hosts
// without a dot, ports that are none.
func checkedLink(link string) string {
	link = strings.TrimRight(link, "\n")
	scheme, rest, ok := strings.Cut(link, "://")
	scheme = lower(scheme)
	switch {
	case ok && (scheme == "tg" || scheme == "ton" || scheme == "tonsite"):
		return ownLink(scheme, link[len(scheme)+1:])
	case ok && (scheme == "http" || scheme == "https"):
	case strings.HasPrefix(lower(link), "tg:"):
		return ownLink("tg", link[len("tg:"):])
	case ok && strings.IndexFunc(scheme, func(r rune) bool { return r < 'a' || r > 'z' }) < 0:
		return ""
	default:
		scheme, rest = "http", link
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	userinfo := ""
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		userinfo, authority = strings.TrimPrefix(authority[:at+1], "@"), authority[at+1:]
	}
	host, port, ok := hostAndPort(authority)
	if !ok || strings.ContainsAny(strings.TrimSuffix(userinfo, "@"), " \n[]@") {
		return ""
	}
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	return scheme + "://" + userinfo + lower(host) + port + strings.ReplaceAll(strings.TrimRight(path, " "), " ", "%20")
}

// ownLink is a link into Telegram itself.
func ownLink(scheme, rest string) string {
	rest = strings.TrimPrefix(rest, "//")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := lower(rest[:end]), rest[end:]
	if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r > 'z' || !isLetter(byte(r)) && !isDigit(byte(r)) && r != '-' && r != '_' }) {
		return ""
	}
	if path == "" || path[0] == '#' {
		path = "/" + path
	}
	return scheme + "://" + host + strings.ReplaceAll(path, " ", "%20")
}

func hostAndPort(authority string) (host, port string, ok bool) {
	host = authority
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		n, err := strconv.Atoi(authority[i+1:])
		if err != nil || n < 1 || n > 65535 {
			return "", "", false
		}
		host, port = authority[:i], authority[i:]
	}
	if strings.HasPrefix(host, "[") {
		return host, port, net.ParseIP(strings.Trim(host, "[]")) != nil
	}
	if host == "." || strings.ContainsAny(host, " \n\t<>\"[]:") {
		return "", "", false
	}
	return host, port, strings.Contains(host, ".")
}
