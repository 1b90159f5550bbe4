package selector

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type host map[string][]string

func (h host) Values(key string) []string { return h[key] }

var hosts = []host{
	{"host": {"cp1"}, "role": {"control_plane", "etcd", "node", "all"}, "os": {"debian-12", "debian"}, "arch": {"amd64"}},
	{"host": {"w1"}, "role": {"worker", "node", "all"}, "os": {"rocky-9", "rhel"}, "arch": {"amd64"}},
	{"host": {"w2"}, "role": {"worker", "node", "all"}, "os": {"debian-12", "debian"}, "arch": {"arm64"}},
	{"host": {"w3"}, "role": {"worker", "node", "all"}, "os": {"rocky-9", "rhel"}, "arch": {"arm64"}},
}

func TestMatch(t *testing.T) {
	for text, want := range map[string]string{
		"role:worker & os:rhel & !host:w3":          "w1",
		"host:cp1 | host:w2":                        "cp1 w2",
		"host:cp1|host:w2":                          "cp1 w2",
		"host:w[1-2]":                               "w1 w2",
		"!host:{cp1,w1}":                            "w2 w3",
		"role:worker & arch:amd64 | role:etcd":      "cp1 w1",
		"role:worker & (arch:amd64 | os:debian)":    "w1 w2",
		"!(role:worker & (arch:amd64 | os:debian))": "cp1 w3",
		"!!role:etcd":                               "cp1",
		"role:all":                                  "cp1 w1 w2 w3",
		"rack:r1":                                   "",
		"  role:etcd\n":                             "cp1",
		"((role:etcd))":                             "cp1",
	} {
		e, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		for _, h := range hosts {
			if e.Match(h) {
				got = append(got, h["host"][0])
			}
		}
		if strings.Join(got, " ") != want || e.String() != text {
			t.Errorf("%s means %v, not %s", text, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	e, err := Parse("role:worker & !(host:w[1-2] | os:rhel)", "role", "host", "os")
	if err != nil {
		t.Fatal(err)
	}
	want := []Term{
		{"role", "worker", []string{"worker"}, 0, 11},
		{"host", "w[1-2]", []string{"w1", "w2"}, 16, 11},
		{"os", "rhel", []string{"rhel"}, 30, 7},
	}
	if diff := cmp.Diff(want, e.Terms()); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                        `"": the selector is empty (write role:worker or host:cp1)`,
		"  ":                      `"  ": the selector is empty (write role:worker or host:cp1)`,
		"w3":                      `"w3": a term is KEY:VALUE (write host:w3 or role:w3)`,
		"role=worker":             `"role=worker": a term is KEY:VALUE (write role:worker)`,
		"rol:worker":              `"rol": there is no key "rol" (use one of role, host, os, arch)`,
		":worker":                 `":": a key is missing before the colon (write role:worker or host:worker)`,
		"role:":                   `"role:": a value is missing after the colon (write role:VALUE)`,
		"role:worker && os:rhel":  `"&": the operator is one character (write one &)`,
		"role:worker and os:rhel": `"and": this is not an operator (write &)`,
		"role:worker os:rhel":     `"os:rhel": an operator is expected before this (write & (both) or | (either))`,
		"not role:worker":         `"role:worker": an operator is expected before this (write & (both) or | (either))`,
		"role:worker &":           `"": a term is expected here (write KEY:VALUE, or remove the operator)`,
		"& role:worker":           `"&": a term is expected here (write KEY:VALUE)`,
		"(role:worker":            `"(": this ( is not closed (close it with ))`,
		"role:worker)":            `")": no parenthesis is open that this closes (remove it)`,
		"()":                      `")": a term is expected here (write KEY:VALUE)`,
		"host:w1,w2":              `",": a comma does not separate values (write host:{w1,w2})`,
		"role:etcd & host:w[3-1]": `"3-1": the range goes down, from 3 to 1 (write [1-3])`,
		"role:etcd & host:w[1-3":  `"[": this [ is not closed (close it with ])`,
		strings.Repeat("(", 101):  `"(": the selector is nested too deeply (remove parentheses)`,
		"role:\xff":               "\"role:\\xff\": the selector is not UTF-8 (write role:worker or host:cp1)",
	} {
		_, err := Parse(text, "role", "host", "os", "arch")
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := fmt.Sprintf("%q: %s (%s)", text[e.Offset:e.Offset+e.Length], e.Message, e.Fix); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

func FuzzSelector(f *testing.F) {
	for _, seed := range []string{"role:worker & os:rhel & !host:w3", "(a:b|c:d)", "!!!a:b", "a:[1-3]", "a:{x,y}", "((", "\xff", "a:b c:d", "a:b &", "a:ü", "&|!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(text) || e.Message == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		for _, h := range hosts {
			e.Match(h)
		}
		if len(e.Terms()) == 0 {
			t.Fatalf("%q: no terms", text)
		}
	})
}
