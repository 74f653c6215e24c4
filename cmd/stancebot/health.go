package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"

	"stancebot/adapters/admin"
)

type healthCommand struct {
	Live bool `help:"Ask only whether the process runs, not whether it answers."`
}

// Help is what health --help adds.
func (*healthCommand) Help() string {
	return `Asks the program that runs beside it, at STANCEBOT_ADMIN_ADDR, whether it is ready: for containers, in which no other program
could ask.

Exit status: 0 when it is, 1 when it is not or nobody is there.`
}

// Run asks.
func (c *healthCommand) Run(env *environment) error {
	path := "/readyz"
	if c.Live {
		path = "/healthz"
	}
	ctx, end := context.WithTimeout(env.ctx, healthLimit)
	defer end()
	at, err := nearby(env.config.AdminAddr)
	if err != nil {
		return usageError{errors.New("STANCEBOT_ADMIN_ADDR is no address: write it as 127.0.0.1:9090")}
	}
	resp, err := get(ctx, "http://"+at+path)
	if err != nil {
		return fmt.Errorf("nobody answers at STANCEBOT_ADMIN_ADDR: %w", err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("it is not ready: status %d", resp.StatusCode)
	case c.Live:
		_, err = fmt.Fprintln(env.stdout, "it runs")
		return err
	}
	var r admin.Report
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		return fmt.Errorf("another program answers at STANCEBOT_ADMIN_ADDR: %w", err)
	}
	if r.Behind != "" {
		_, err = fmt.Fprintf(env.stdout, "it answers, and lacks something: %s\n", r.Behind)
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "it answers: program %s, records %s\n", r.Program, r.Records)
	return err
}

// nearby returns where on this machine a server is asked that listens on an address, which may be every one.
func nearby(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if ip, bad := netip.ParseAddr(host); host == "" || bad == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port), err
}
