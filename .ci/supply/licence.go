package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// taken are the licences that we take, by their names in SPDX: those that ask for no more than to be named and kept with the program.
var taken = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "blessing"}

// besides are files that look like licences and grant nothing of what is linked.
var besides = map[string]string{
	"LICENSE-LOGO":         "where a logo is from that stands in a README",
	"LICENSE-3RD-PARTY.md": "a list of what others wrote, each of which stands in ours by itself or is in the public domain",
}

// signs are, for each licence, what stands in its text and in no other's, in the order in which they are looked for: of two that begin
// alike the longer comes first.
var signs = []struct {
	licence string
	phrases []string
}{
	{"Apache-2.0", []string{"apache license version 2.0"}},
	{"MPL-2.0", []string{"mozilla public license", "2.0"}},
	{"AGPL-3.0", []string{"gnu affero general public license"}},
	{"LGPL-3.0", []string{"gnu lesser general public license"}},
	{"GPL", []string{"gnu general public license"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "neither the name"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms"}},
	{"ISC", []string{"permission to use, copy, modify, and/or distribute this software for any purpose"}},
	{"ISC", []string{"permission to use, copy, modify, and distribute this software for any purpose"}},
	{"blessing", []string{"sqlite is public domain"}},
	{"MIT", []string{"permission is hereby granted, free of charge", "without restriction"}},
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([-._].*)?$`)

// licenceOf reads the licences of a module from the files at its root: all that stand there hold.
func licenceOf(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() || besides[e.Name()] != "" || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return "", err
		}
		found = append(found, recognised(string(text)))
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 0 {
		return "", fmt.Errorf("no licence stands in %s", folder)
	}
	return strings.Join(found, " AND "), nil
}

var blanks = regexp.MustCompile(`[\s,]+`)

// recognised returns the licence that a text is, or "unknown".
func recognised(text string) string {
	flat := strings.ToLower(blanks.ReplaceAllString(text, " "))
	for _, s := range signs {
		if !slices.ContainsFunc(s.phrases, func(p string) bool { return !strings.Contains(flat, blanks.ReplaceAllString(p, " ")) }) {
			return s.licence
		}
	}
	return "unknown"
}

// isTaken tells whether we take all the licences of a module.
func isTaken(licence string) bool {
	for one := range strings.SplitSeq(licence, " AND ") {
		if !slices.Contains(taken, one) {
			return false
		}
	}
	return true
}
