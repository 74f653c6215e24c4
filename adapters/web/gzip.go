package web

import (
	"compress/gzip"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// leastZipped is the size below which packing saves nothing.
const leastZipped = 1 << 10

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // which is a level
	return w
}}

// zipped packs texts for whoever unpacks them.
func zipped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z := &zipper{ResponseWriter: w, welcome: r.Method != http.MethodHead && unpacks(r.Header.Get("Accept-Encoding"))}
		next.ServeHTTP(z, r)
		z.close()
	})
}

// unpacks reports whether who asks takes gzip.
func unpacks(accepts string) bool {
	for coding := range strings.SplitSeq(accepts, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		_, value, _ := strings.Cut(quality, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return err != nil || q > 0
		}
	}
	return false
}

// A zipper packs what is written to it, where the first of it shows that this is worth it. Until then it holds the status back.
type zipper struct {
	http.ResponseWriter
	welcome bool         // who asked unpacks it
	status  int          // that is held back, 0 for none
	decided bool         // whether it packs
	packer  *gzip.Writer // nil where it does not
}

// Unwrap gives http.ResponseController the writer below.
func (z *zipper) Unwrap() http.ResponseWriter { return z.ResponseWriter }

// WriteHeader holds the status of a text back, and passes on any other.
func (z *zipper) WriteHeader(status int) {
	if z.status != 0 { // it was said
		return
	}
	if h := z.Header(); !z.decided && isText(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" && h.Get("Content-Range") == "" {
		z.status = status
		return
	}
	z.decided = true
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipper) Write(text []byte) (int, error) {
	if !z.decided && z.status == 0 {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(text))
		}
		z.WriteHeader(http.StatusOK)
	}
	if !z.decided {
		z.decide(len(text) >= leastZipped)
	}
	if z.packer != nil {
		return z.packer.Write(text)
	}
	return z.ResponseWriter.Write(text)
}

// decide sends what was held back.
func (z *zipper) decide(packs bool) {
	z.decided = true
	z.Header().Add("Vary", "Accept-Encoding")
	if packs && z.welcome {
		z.Header().Set("Content-Encoding", "gzip")
		z.Header().Del("Content-Length")
		z.packer, _ = packers.Get().(*gzip.Writer)
		z.packer.Reset(z.ResponseWriter)
	}
	z.ResponseWriter.WriteHeader(z.status)
}

// close ends the response.
func (z *zipper) close() {
	if !z.decided && z.status != 0 {
		z.decide(false)
	}
	if z.packer != nil {
		_ = z.packer.Close() // who asked has gone otherwise
		packers.Put(z.packer)
	}
}

// isText reports whether packing makes something smaller.
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind != "text/event-stream" &&
		(strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "yaml"))
}
