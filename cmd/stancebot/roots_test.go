package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// bare is set in a process that stands for one on a host without certificates.
const bare = "STANCETEST_BARE"

// A host without certificates, such as an image made from nothing, still trusts those whom browsers trust.
func TestTrustWithoutAHost(t *testing.T) {
	if os.Getenv(bare) == "" {
		none := t.TempDir() // the roots are read once in a process
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTrustWithoutAHost$", "-test.v")
		cmd.Env = append(os.Environ(), bare+"=1", "SSL_CERT_FILE="+none+"/none.pem", "SSL_CERT_DIR="+none)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		t.Fatalf("nobody is trusted: %v", err)
	}
}
