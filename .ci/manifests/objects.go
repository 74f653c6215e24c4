package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// An object is one of Kubernetes', read by its own type.
type object struct {
	kind  string
	value any
}

// The types of the Prometheus operator that charts use, as far as it reads them.
type (
	serviceMonitor struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			JobLabel  string               `json:"jobLabel"`
			Selector  metav1.LabelSelector `json:"selector"`
			Endpoints []struct {
				Port, Path, Interval string
			} `json:"endpoints"`
		} `json:"spec"`
	}
	prometheusRule struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			Groups []struct {
				Name     string `json:"name"`
				Interval string `json:"interval,omitempty"`
				Rules    []struct {
					Alert         string            `json:"alert,omitempty"`
					Record        string            `json:"record,omitempty"`
					Expr          string            `json:"expr"`
					For           string            `json:"for,omitempty"`
					KeepFiringFor string            `json:"keep_firing_for,omitempty"`
					Labels        map[string]string `json:"labels,omitempty"`
					Annotations   map[string]string `json:"annotations,omitempty"`
				} `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
)

// kindTypes are those of objects, by API and kind.
var kindTypes = map[string]func() any{
	"apps/v1 Deployment":                      func() any { return &appsv1.Deployment{} },
	"v1 Service":                              func() any { return &corev1.Service{} },
	"v1 ServiceAccount":                       func() any { return &corev1.ServiceAccount{} },
	"v1 PersistentVolumeClaim":                func() any { return &corev1.PersistentVolumeClaim{} },
	"v1 Pod":                                  func() any { return &corev1.Pod{} },
	"policy/v1 PodDisruptionBudget":           func() any { return &policyv1.PodDisruptionBudget{} },
	"networking.k8s.io/v1 Ingress":            func() any { return &networkingv1.Ingress{} },
	"networking.k8s.io/v1 NetworkPolicy":      func() any { return &networkingv1.NetworkPolicy{} },
	"monitoring.coreos.com/v1 ServiceMonitor": func() any { return &serviceMonitor{} },
	"monitoring.coreos.com/v1 PrometheusRule": func() any { return &prometheusRule{} },
}

var between = regexp.MustCompile(`(?m)^---\s*$`)

// decode reads YAML documents strictly: a field that its type does not have, or has twice, is an error.
func decode(text string) ([]object, error) {
	var objects []object
	for _, document := range between.Split(text, -1) {
		if strings.TrimSpace(document) == "" {
			continue
		}
		var meta metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &meta); err != nil {
			return nil, err
		}
		if meta.Kind == "" { // comments alone
			continue
		}
		newValue, known := kindTypes[meta.APIVersion+" "+meta.Kind]
		if !known {
			return nil, fmt.Errorf("%s %s is of no known type", meta.APIVersion, meta.Kind)
		}
		value := newValue()
		if err := yaml.UnmarshalStrict([]byte(document), value); err != nil {
			return nil, fmt.Errorf("%s: %w", meta.Kind, err)
		}
		objects = append(objects, object{meta.Kind, value})
	}
	return objects, nil
}

// only returns the object of a type that there is once.
func only[T any](objects []object) (*T, error) {
	var found []*T
	for _, o := range objects {
		if value, is := o.value.(*T); is {
			found = append(found, value)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("there are %d of type %T", len(found), *new(T))
	}
	return found[0], nil
}

// rules are what must hold of whatever is rendered.
func rules(objects []object) error {
	deployment, err := only[appsv1.Deployment](objects)
	if err != nil {
		return err
	}
	policy, err := only[networkingv1.NetworkPolicy](objects)
	if err != nil {
		return err
	}
	service, err := only[corev1.Service](objects)
	if err != nil {
		return err
	}
	spec := &deployment.Spec
	labels := spec.Template.Labels
	errs := []error{
		selects("the Deployment", spec.Selector.MatchLabels, labels),
		selects("the Service", service.Spec.Selector, labels),
		selects("the NetworkPolicy", policy.Spec.PodSelector.MatchLabels, labels),
		guarded(&spec.Template.Spec),
		probed(&spec.Template.Spec),
		rolls(spec),
	}
	for _, o := range objects {
		if pod, is := o.value.(*corev1.Pod); is {
			errs = append(errs, guarded(&pod.Spec))
		}
		if budget, is := o.value.(*policyv1.PodDisruptionBudget); is {
			errs = append(errs, selects("the PodDisruptionBudget", budget.Spec.Selector.MatchLabels, labels))
		}
	}
	if _, err := only[policyv1.PodDisruptionBudget](objects); *spec.Replicas > 1 && err != nil {
		errs = append(errs, errors.New("several replicas have no PodDisruptionBudget"))
	}
	return errors.Join(errs...)
}

// selects holds that a selector takes the pods.
func selects(what string, selector, labels map[string]string) error {
	if len(selector) == 0 {
		return fmt.Errorf("%s selects everything", what)
	}
	for name, value := range selector {
		if labels[name] != value {
			return fmt.Errorf("%s selects by %s=%s, and the pods have %q", what, name, value, labels[name])
		}
	}
	return nil
}

// guarded is what the restricted standard of Kubernetes asks of pods, and more.
func guarded(pod *corev1.PodSpec) error {
	var errs []error
	must := func(holds bool, what string) {
		if !holds {
			errs = append(errs, errors.New(what))
		}
	}
	isTrue := func(b *bool) bool { return b != nil && *b }
	isFalse := func(b *bool) bool { return b != nil && !*b }
	must(isFalse(pod.AutomountServiceAccountToken), "a token is mounted")
	must(isFalse(pod.EnableServiceLinks), "variables of services come in")
	must(pod.SecurityContext != nil && isTrue(pod.SecurityContext.RunAsNonRoot) && pod.SecurityContext.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault, "it may be root, or call what it likes")
	must(!pod.HostNetwork && !pod.HostPID && !pod.HostIPC, "it is on its host")
	for i := range pod.Containers {
		c := &pod.Containers[i]
		s := c.SecurityContext
		must(s != nil && isFalse(s.AllowPrivilegeEscalation) && isTrue(s.ReadOnlyRootFilesystem) && len(s.Capabilities.Drop) == 1 && s.Capabilities.Drop[0] == "ALL" && s.Capabilities.Add == nil, c.Name+" may do more than it needs")
		must(!c.Resources.Requests.Cpu().IsZero() && !c.Resources.Limits.Memory().IsZero(), c.Name+" says not what it takes")
	}
	return errors.Join(errs...)
}

// probed holds that Kubernetes asks the right address, at a port that there is.
func probed(pod *corev1.PodSpec) error {
	c := &pod.Containers[0]
	for path, probe := range map[string]*corev1.Probe{"/healthz": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
		if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Path != path {
			return fmt.Errorf("nobody asks %s", path)
		}
		at := -1
		for i, port := range c.Ports {
			if port.Name == probe.HTTPGet.Port.String() {
				at = i
			}
		}
		if at < 0 {
			return fmt.Errorf("%s is asked at a port that there is not: %s", path, probe.HTTPGet.Port.String())
		}
	}
	pause := c.Lifecycle.PreStop.Sleep.Seconds
	if *pod.TerminationGracePeriodSeconds < pause+20 {
		return errors.New("it is killed before it may have ended")
	}
	return nil
}

// rolls holds that a new version takes nobody's answers away, where one database serves several processes.
func rolls(d *appsv1.DeploymentSpec) error {
	isFile := false
	for _, v := range d.Template.Spec.Volumes {
		isFile = isFile || v.PersistentVolumeClaim != nil
	}
	switch {
	case isFile && (*d.Replicas != 1 || d.Strategy.Type != appsv1.RecreateDeploymentStrategyType):
		return errors.New("several processes would have one SQLite file")
	case !isFile && (d.Strategy.RollingUpdate == nil || d.Strategy.RollingUpdate.MaxUnavailable.IntValue() != 0):
		return errors.New("a new version starts after the old one ended")
	}
	return nil
}
