package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// checkCompose loads a compose file as its tools do, and starts the program with what it sets.
func checkCompose(ctx context.Context, file, program string, out io.Writer) error {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithName("stancebot"), cli.WithInterpolation(true))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(ctx) // against the specification's schema
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(project.Services)) {
		service := project.Services[name]
		if err := confined(&service); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	for name, secret := range project.Secrets {
		if secret.File == "" || !strings.HasPrefix(secret.File, filepath.Join(project.WorkingDir, "secrets")) {
			errs = append(errs, fmt.Errorf("the secret %s is no file in secrets/", name))
		}
	}
	app, known := project.Services["stancebot"]
	if !known {
		return errors.Join(append(errs, errors.New("there is no service stancebot"))...)
	}
	env := map[string]string{}
	for name, value := range app.Environment {
		if value != nil {
			env[name] = *value
		}
	}
	if err := errors.Join(append(errs, mounted(&app, env), startsWith(ctx, program, app.Command, env))...); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s\n", filepath.Base(file), strings.Join(slices.Sorted(maps.Keys(project.Services)), ", "))
	return nil
}

// confined holds that a service may do no more than it needs.
func confined(s *types.ServiceConfig) error {
	var errs []error
	must := func(holds bool, what string) {
		if !holds {
			errs = append(errs, errors.New(what))
		}
	}
	must(s.ReadOnly, "its file system can be written")
	must(slices.Equal(s.CapDrop, []string{"ALL"}), "it keeps capabilities")
	must(slices.Contains(s.SecurityOpt, "no-new-privileges:true"), "it may get new privileges")
	must(s.HealthCheck != nil && len(s.HealthCheck.Test) > 0, "nobody asks whether it is well")
	must(s.Restart == "unless-stopped", "it is not started again")
	must(!s.Privileged && s.NetworkMode != "host" && s.MemLimit > 0, "it takes what it likes of its host")
	for _, p := range s.Ports {
		must(p.HostIP == "127.0.0.1", "it is published beyond this machine")
	}
	for name, value := range s.Environment {
		secret := strings.Contains(name, "TOKEN") || strings.Contains(name, "PASSWORD") || strings.Contains(name, "SECRET") || strings.HasSuffix(name, "DATABASE_URL")
		must(!secret || strings.HasSuffix(name, "_FILE") || value == nil, name+" holds a secret")
	}
	return errors.Join(errs...)
}

// mounted holds that each file that the environment names is a secret of the service.
func mounted(s *types.ServiceConfig, env map[string]string) error {
	for name, value := range env {
		if !strings.HasSuffix(name, "_FILE") {
			continue
		}
		if !slices.ContainsFunc(s.Secrets, func(m types.ServiceSecretConfig) bool { return value == "/run/secrets/"+m.Source }) {
			return fmt.Errorf("%s: %s is no secret of the service", name, value)
		}
	}
	return nil
}
