package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	appsv1 "k8s.io/api/apps/v1"
)

// secrets are values of the forms that the program takes, by the names of the files that hold them. The platforms and databases that they
// are for are none.
var secrets = map[string]string{ //nolint:gosec // they open nothing
	"slack_bot_token": "xoxb-1-ci", "slack_app_token": "xapp-1-ci", "slack_signing_secret": strings.Repeat("0123456789abcdef", 2),
	"telegram_token": "1:ci", "telegram_webhook_secret": "0123456789abcdef", "web_token": "0123456789abcdef",
	"slack_client_secret": "ci", "encryption_key": strings.Repeat("0123456789abcdef", 4),
	"database_url": "postgres://stancebot@127.0.0.1:1/stancebot?sslmode=disable",
}

// starts runs the program with the settings of a Deployment.
func starts(ctx context.Context, program string, objects []object) error {
	deployment, err := only[appsv1.Deployment](objects)
	if err != nil {
		return err
	}
	c := &deployment.Spec.Template.Spec.Containers[0]
	env := map[string]string{}
	for _, v := range c.Env {
		env[v.Name] = v.Value
	}
	return startsWith(ctx, program, c.Args, env)
}

// The limits of a start and of an end.
const (
	startLimit = 20 * time.Second
	stopLimit  = 25 * time.Second
)

// startsWith runs the program with an environment in which files are named, until it says that it is ready, and ends it. The settings are
// its own, but for addresses: two of this machine, and none of a platform.
func startsWith(ctx context.Context, program string, args []string, env map[string]string) error {
	home, err := os.MkdirTemp("", "manifests")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home) //nolint:errcheck // the run's own folder is removed after it, too
	variables, err := laid(home, env)
	if err != nil {
		return err
	}
	admin, err := freePort(ctx)
	if err != nil {
		return err
	}
	variables = append(variables, "HOME="+home, "XDG_DATA_HOME="+home, "STANCEBOT_ADMIN_ADDR="+admin, "STANCEBOT_LISTEN_ADDR=127.0.0.1:0",
		"STANCEBOT_SLACK_API_URL=http://127.0.0.1:1/api/", "STANCEBOT_TELEGRAM_API_URL=http://127.0.0.1:1")
	ctx, end := context.WithTimeout(ctx, startLimit+stopLimit)
	defer end()
	var log bytes.Buffer
	serving := exec.CommandContext(ctx, program, args...) //nolint:gosec // to run it is what this is for
	serving.Env, serving.Stdout, serving.Stderr = variables, &log, &log
	if err := serving.Start(); err != nil {
		return err
	}
	ready := awaitReady(ctx, program, variables)
	_ = serving.Process.Signal(syscall.SIGTERM) // it may have ended already
	if err := errors.Join(ready, serving.Wait()); err != nil {
		return fmt.Errorf("%w\n%s", err, log.String())
	}
	return nil
}

// awaitReady asks the program's own question until it is answered well.
func awaitReady(ctx context.Context, program string, variables []string) error {
	for deadline := time.Now().Add(startLimit); ; {
		asked := exec.CommandContext(ctx, program, "health") //nolint:gosec // likewise
		asked.Env = variables
		said, err := asked.CombinedOutput()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("it does not start with these settings: %s", said)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// laid returns an environment whose files are there, below a folder.
func laid(home string, env map[string]string) ([]string, error) {
	var variables []string
	for name, value := range env {
		if name == "STANCEBOT_ADMIN_ADDR" || name == "STANCEBOT_LISTEN_ADDR" || name == "XDG_DATA_HOME" {
			continue
		}
		if strings.HasSuffix(name, "_FILE") {
			secret, known := secrets[filepath.Base(value)]
			if !known || !strings.HasPrefix(value, "/run/secrets/") {
				return nil, fmt.Errorf("%s: %s is no secret that is mounted", name, value)
			}
			value = filepath.Join(home, filepath.Base(value))
			if err := os.WriteFile(value, []byte(secret), 0o600); err != nil {
				return nil, err
			}
		}
		variables = append(variables, name+"="+value)
	}
	slices.Sort(variables)
	return variables, nil
}

// freePort returns an address of this machine that nobody listens on.
func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
