package main

import (
	"net/http"
	"strings"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot/request"
)

// requestHeader tells whoever asked what their request is called in the log. It is never taken from what comes in.
const requestHeader = "X-Request-Id"

// traffic names each request that comes in over HTTP, and counts it by its route.
func traffic(next http.Handler, metrics *admin.Metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, id := time.Now(), request.NewID()
		w.Header().Set(requestHeader, id)
		named := r.WithContext(request.With(r.Context(), id))
		seen := &statusSeen{ResponseWriter: w, status: http.StatusOK}
		defer func() { metrics.Requested(routeOf(named.Pattern), seen.status, time.Since(began)) }()
		next.ServeHTTP(seen, named)
	})
}

// routeOf is the path of a pattern that was matched, the innermost of several. What matched none but the last resort is "other": paths of strangers
// name no series.
func routeOf(pattern string) string {
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path
	}
	switch pattern {
	case "", "/":
		return "other"
	case "/{$}":
		return "/"
	}
	return pattern
}

// A statusSeen remembers the status of a response.
type statusSeen struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader begins the response.
func (s *statusSeen) WriteHeader(status int) {
	if !s.wrote && status >= http.StatusOK { // those below it come before the one that counts
		s.status, s.wrote = status, true
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write begins the response where nothing did.
func (s *statusSeen) Write(b []byte) (int, error) {
	s.wrote = true
	return s.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (s *statusSeen) Unwrap() http.ResponseWriter { return s.ResponseWriter }
