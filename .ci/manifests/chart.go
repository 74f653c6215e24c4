package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// checkChart renders a chart with each set of values that is there for it, and once more with those that must be refused.
func checkChart(ctx context.Context, folder, program string, out io.Writer) error {
	c, err := loader.Load(folder)
	if err != nil {
		return err
	}
	if err := c.Validate(); err != nil {
		return err
	}
	sets, err := filepath.Glob(filepath.Join(folder, "ci", "*-values.yaml"))
	if err != nil || len(sets) == 0 {
		return errors.Join(errors.New("the chart has no sets of values"), err)
	}
	for _, set := range sets {
		values, err := valuesOf(set)
		if err != nil {
			return err
		}
		objects, err := render(ctx, c, values)
		if err == nil {
			err = errors.Join(linted(folder, values), rules(objects), starts(ctx, program, objects))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(set), err)
		}
		fmt.Fprintf(out, "%s: %s\n", filepath.Base(set), strings.Join(kinds(objects), ", "))
	}
	if err := checkAlerts(ctx, c, filepath.Join(folder, "..", "..", "prometheus", "alerts.yaml"), out); err != nil {
		return err
	}
	return checkRefused(ctx, c, filepath.Join(folder, "ci", "refused"), out)
}

// linted is what `helm lint` complains of, warnings included.
func linted(folder string, values map[string]any) error {
	var errs []error
	for _, m := range lint.RunAll(folder, values, "newsroom").Messages {
		if m.Severity >= support.WarningSev {
			errs = append(errs, m)
		}
	}
	return errors.Join(errs...)
}

// checkAlerts holds that the rules of a file come through as they are, and that they ask for the job that the chart names.
func checkAlerts(ctx context.Context, c *chart.Chart, file string, out io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	objects, err := render(ctx, c, map[string]any{"monitoring": map[string]any{"rules": string(text), "serviceMonitor": true}}) // as --set-file does
	if err != nil {
		return err
	}
	rule, err := only[prometheusRule](objects)
	if err != nil {
		return err
	}
	var is, want any
	if err := errors.Join(yaml.Unmarshal(text, &want), roundTrip(map[string]any{"groups": rule.Spec.Groups}, &is)); err != nil {
		return err
	}
	if !reflect.DeepEqual(is, want) {
		return fmt.Errorf("%s does not come through as it is", filepath.Base(file))
	}
	monitor, err := only[serviceMonitor](objects)
	if err != nil {
		return err
	}
	service, err := only[corev1.Service](objects)
	if err != nil {
		return err
	}
	if job := service.Labels[monitor.Spec.JobLabel]; !strings.Contains(string(text), `job="`+job+`"`) {
		return fmt.Errorf("%s asks for another job than %q", filepath.Base(file), job)
	}
	_, err = fmt.Fprintf(out, "%s: %d groups of rules\n", filepath.Base(file), len(rule.Spec.Groups))
	return err
}

// roundTrip writes a value and reads it again, without its types.
func roundTrip(value, into any) error {
	text, err := yaml.Marshal(value)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, into)
}

// checkRefused holds that each set of values in a folder is refused, for the reason that its first line names.
func checkRefused(ctx context.Context, c *chart.Chart, folder string, out io.Writer) error {
	sets, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(sets) == 0 {
		return errors.Join(errors.New("nothing is refused"), err)
	}
	for _, set := range sets {
		text, err := os.ReadFile(set)
		if err != nil {
			return err
		}
		first, _, _ := strings.Cut(string(text), "\n")
		why := strings.TrimPrefix(first, "# ")
		values, err := valuesOf(set)
		if err != nil {
			return err
		}
		switch _, err := render(ctx, c, values); {
		case err == nil:
			return fmt.Errorf("%s: is not refused", set)
		case !strings.Contains(err.Error(), why):
			return fmt.Errorf("%s: is refused for another reason than %q: %w", set, why, err)
		}
		fmt.Fprintf(out, "%s: refused\n", filepath.Base(set))
	}
	return nil
}

// render renders a chart with values, as `helm install` would, into objects.
func render(ctx context.Context, c *chart.Chart, values map[string]any) ([]object, error) {
	caps := common.DefaultCapabilities
	release := common.ReleaseOptions{Name: "desk", Namespace: "newsroom", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(c, values, release, caps) // holds them against the schema
	if err != nil {
		return nil, err
	}
	rendered, err := (engine.Engine{Strict: true}).RenderWithContext(ctx, c, all)
	if err != nil {
		return nil, err
	}
	var objects []object
	for _, name := range slices.Sorted(maps.Keys(rendered)) {
		if strings.HasSuffix(name, "NOTES.txt") {
			if !strings.Contains(rendered[name], "rollout status deployment/desk-stancebot") {
				return nil, errors.New("NOTES.txt does not tell how to await it")
			}
			continue
		}
		found, err := decode(rendered[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

// valuesOf reads a set of values.
func valuesOf(file string) (map[string]any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	err = yaml.UnmarshalStrict(text, &values)
	return values, err
}

// kinds names the kinds of objects.
func kinds(objects []object) []string {
	var names []string
	for _, o := range objects {
		names = append(names, o.kind)
	}
	slices.Sort(names)
	return names
}
