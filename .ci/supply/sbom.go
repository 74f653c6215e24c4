package main

import (
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"strings"
)

// The parts of a bill of materials in CycloneDX 1.6 that we use.
type (
	bom struct {
		Schema       string       `json:"$schema"`
		Format       string       `json:"bomFormat"`
		SpecVersion  string       `json:"specVersion"`
		Version      int          `json:"version"`
		Metadata     metadata     `json:"metadata"`
		Components   []component  `json:"components"`
		Dependencies []dependency `json:"dependencies"`
	}
	metadata struct {
		Component component `json:"component"`
	}
	component struct {
		Type       string     `json:"type"`
		Ref        string     `json:"bom-ref"`
		Name       string     `json:"name"`
		Version    string     `json:"version,omitempty"`
		Scope      string     `json:"scope,omitempty"`
		Licences   []choice   `json:"licenses,omitempty"`
		Purl       string     `json:"purl,omitempty"`
		Properties []property `json:"properties,omitempty"`
	}
	choice struct {
		Expression string `json:"expression"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	dependency struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn,omitempty"`
	}
)

// sbom prints what a built program is made of, by what stands in its file. The same program has the same bill: no serial number and no
// time of printing.
func sbom(root, program string, out io.Writer) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	folders, err := modulesOf(root, nil, "./cmd/stancebot")
	if err != nil {
		return err
	}
	b := &bom{Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1, Metadata: metadata{application(info)}}
	needs := dependency{Ref: b.Metadata.Component.Ref}
	add := func(c component) {
		b.Components = append(b.Components, c)
		needs.On = append(needs.On, c.Ref)
	}
	goVersion := strings.TrimPrefix(info.GoVersion, "go")
	add(component{Type: "library", Ref: "pkg:golang/std@" + goVersion, Name: "std", Version: goVersion, Scope: "required", Purl: "pkg:golang/std@" + goVersion, Licences: []choice{{"BSD-3-Clause"}}})
	for _, m := range info.Deps {
		c, err := library(m, folders[m.Path].Dir)
		if err != nil {
			return err
		}
		add(c)
	}
	b.Dependencies = []dependency{needs}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(b)
}

// application is the program itself, with how it was built.
func application(info *debug.BuildInfo) component {
	c := component{Type: "application", Ref: purl(&info.Main), Name: "stancebot", Version: info.Main.Version, Licences: []choice{{"Apache-2.0"}}, Purl: purl(&info.Main)}
	for _, s := range info.Settings {
		c.Properties = append(c.Properties, property{"go:build:" + s.Key, s.Value})
	}
	return c
}

// library is a module that is linked into it.
func library(m *debug.Module, folder string) (component, error) {
	if m.Replace != nil {
		m = m.Replace
	}
	if folder == "" {
		return component{}, fmt.Errorf("%s is in the program and not in go.mod: it was built from another version", m.Path)
	}
	licence, err := licenceOf(folder)
	if err != nil {
		return component{}, err
	}
	return component{
		Type: "library", Ref: purl(m), Name: m.Path, Version: m.Version, Scope: "required", Licences: []choice{{licence}}, Purl: purl(m),
		Properties: []property{{"go:sum:sha256", sum(m.Sum)}},
	}, nil
}

// purl is the name of a module among packages.
func purl(m *debug.Module) string {
	var escaped []string
	for part := range strings.SplitSeq(strings.ToLower(m.Path), "/") {
		escaped = append(escaped, url.PathEscape(part))
	}
	name := "pkg:golang/" + strings.Join(escaped, "/")
	if m.Version != "" {
		name += "@" + url.PathEscape(m.Version)
	}
	return name
}

// sum is the hash of a module's files as go.sum has it, in hexadecimal.
func sum(h1 string) string {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(h1, "h1:"))
	if err != nil {
		return h1
	}
	return hex.EncodeToString(raw)
}
