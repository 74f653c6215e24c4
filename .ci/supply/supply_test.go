package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLicences(t *testing.T) {
	for text, want := range map[string]string{
		"MIT License\n\nPermission is hereby granted, free of charge, to any person … to deal\nin the Software without restriction": "MIT",
		"Redistribution and use in source and binary\nforms, with or without … Neither the name of Google":                          "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without":                                                        "BSD-2-Clause",
		"   Apache License\n  Version 2.0, January 2004":                                                                            "Apache-2.0",
		"Mozilla Public License Version 2.0":                                                                                        "MPL-2.0",
		"GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3":                                                                              "AGPL-3.0",
		"GNU GENERAL PUBLIC LICENSE\nVersion 3":                                                                                     "GPL",
		"Business Source License 1.1":                                                                                               "unknown",
	} {
		if got := recognised(text); got != want {
			t.Errorf("%.40q is %s, and not %s", text, got, want)
		}
	}
}

func TestLicencesOfAModule(t *testing.T) {
	dir := t.TempDir()
	if _, err := licenceOf(dir); err == nil {
		t.Error("a module without a licence has one")
	}
	for name, text := range map[string]string{"LICENSE": "Apache License Version 2.0", "COPYING.lib": "GNU Lesser General Public License"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := licenceOf(dir)
	if err != nil || got != "Apache-2.0 AND LGPL-3.0" || isTaken(got) {
		t.Errorf("%s is taken: %v, %v", got, isTaken(got), err)
	}
}

func TestProblems(t *testing.T) {
	l := &list{
		linked: []module{
			{Path: "example.org/good", licence: "MIT"},
			{Path: "example.org/brought", licence: "MIT", Indirect: true},
			{Path: "example.org/bad", licence: "AGPL-3.0", Indirect: true},
			{Path: "example.org/why", licence: "MIT"},
		},
		reasons: map[string]string{"example.org/good": "needed", "example.org/gone": "needed once"},
	}
	err := l.problems()
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{"example.org/bad : its licence is AGPL-3.0", "example.org/why: say", "example.org/gone: reasons.txt"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "good") || strings.Contains(err.Error(), "brought") {
		t.Errorf("what is well is complained of:\n%v", err)
	}
}
