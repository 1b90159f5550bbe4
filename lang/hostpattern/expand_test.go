package hostpattern

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestExpand(t *testing.T) {
	for pattern, want := range map[string]string{
		"box":               "box=1",
		"worker07":          "worker07=7",
		"cp[1-3]":           "cp1=1 cp2=2 cp3=3",
		"cp[0-2]":           "cp0=0 cp1=1 cp2=2",
		"node[01-03]":       "node01=1 node02=2 node03=3",
		"node[08-11]":       "node08=8 node09=9 node10=10 node11=11",
		"node[9-11]":        "node9=9 node10=10 node11=11",
		"w[1-2,7,010-011]":  "w1=1 w2=2 w7=7 w010=10 w011=11",
		"rack{a,b}-n[1-2]":  "racka-n1=1 racka-n2=2 rackb-n1=1 rackb-n2=2",
		"r[1-2]n[1-2]":      "r1n1=1 r1n2=2 r2n1=1 r2n2=2",
		"r[1-2]-{x,y}":      "r1-x=1 r1-y=1 r2-x=2 r2-y=2",
		"{red,blue}":        "red=1 blue=2",
		"cp{1,3,5}":         "cp1=1 cp3=3 cp5=5",
		"w[1-2].example.de": "w1.example.de=1 w2.example.de=2",
		"10.0.0.[1-2]":      "10.0.0.1=1 10.0.0.2=2",
		"a-b_c":             "a-b_c=1",
	} {
		hosts, err := Expand(pattern)
		var got []string
		for _, h := range hosts {
			got = append(got, fmt.Sprintf("%s=%d", h.Name, h.Index))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, %v", pattern, got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		"":                       `"": the pattern is empty (write a host's name, such as cp1)`,
		"w[3-1]":                 `"3-1": the range goes down, from 3 to 1 (write [1-3])`,
		"w[1..3]":                `".": a number is expected in a range (write [1-3], with one dash)`,
		"w[1-3":                  `"[": this [ is not closed (close it with ])`,
		"w{a,b":                  `"{": this { is not closed (close it with })`,
		"w]":                     `"]": nothing is open that this closes (remove it)`,
		"w[a-c]":                 `"a": a number is expected in a range (write [1-3] or [1,2,5]; for words {a,b})`,
		"w[]":                    `"]": a number is expected in a range (write [1-3] or [1,2,5]; for words {a,b})`,
		"w{}":                    `"}": a word is expected in a list (write {a,b})`,
		"w{a,}":                  `",": a word is expected in a list (write {a,b})`,
		"w{a,{b,c}}":             `",": a word is expected in a list (write {a,b})`,
		"cp1,cp2":                `",": a comma stands between brackets only (write [1,2] or {a,b}, or two hosts blocks)`,
		"a b":                    `" ": a host's name has letters, digits, - and . (remove it)`,
		"w[1-3]ü":                `"ü": a host's name has letters, digits, - and . (remove it)`,
		"w[01-100]":              `"01-100": the numbers of a padded range have the same width (write [001-100])`,
		"w[1-1000000]":           `"1-1000000": the range has more than 100000 numbers (write a smaller range)`,
		"w[1-99999999999999]":    `"1-99999999999999": the number is too large (write a smaller one)`,
		"w[99999999999999999]":   `"99999999999999999": the number is too large (write a smaller one)`,
		"w[1-1000][1-1000]":      `"w[1-1000][1-1000]": the pattern stands for more than 100000 hosts (write smaller ranges)`,
		"w[1-3,2]":               `"w[1-3,2]": the pattern gives w2 twice (make its ranges and lists disjoint)`,
		strings.Repeat("a", 5e3): `"` + strings.Repeat("a", 5e3) + `": the pattern is too long (write several hosts blocks)`,
	} {
		_, err := Expand(pattern)
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := fmt.Sprintf("%q: %s (%s)", pattern[e.Offset:e.Offset+e.Length], e.Message, e.Fix); got != want {
			t.Errorf("%s:\n got %s\nwant %s", pattern, got, want)
		}
	}
}

// The names of hosts are those that a machine and a Kubernetes node can have.
func TestHosts(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, pattern := range []string{"box", "cp[1-3]", "rack{a,b}-n[1-4]", "w[1-2].example.de", "1", "a--b", long, "n[1-2]-{x,y}"} {
		want, _ := Expand(pattern)
		if got, err := Hosts(pattern); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, %v", pattern, got, err)
		}
	}
	const rule = " cannot be the name of a host: it has lower-case letters, digits, - and ., and begins and ends, between dots too, with a letter or digit"
	for pattern, want := range map[string]string{
		"-cp1":       `"-cp1"` + rule + ` (did you mean "cp1"?)`,
		"cp[1-3]-":   `"cp1-"` + rule + ` (did you mean "cp[1-3]"?)`,
		"-":          `"-"` + rule + ` (write a name such as cp1)`,
		".":          `"."` + rule + ` (write a name such as cp1)`,
		"Cp_1":       `"Cp_1"` + rule + ` (did you mean "cp-1"?)`,
		"Node[1-2]":  `"Node1"` + rule + ` (did you mean "node[1-2]"?)`,
		"a..b":       `"a..b"` + rule + ` (write a name such as cp1)`,
		"a-.b":       `"a-.b"` + rule + ` (write a name such as cp1)`,
		"w[1-2].":    `"w1."` + rule + ` (did you mean "w[1-2]"?)`,
		"w{a,-}":     `"w-"` + rule + ` (write a name such as cp1)`,
		long + "[1]": "the name " + long + "1 has 64 characters, a host's has at most 63 (write a shorter one)",
		"w[2-1]":     "the range goes down, from 2 to 1 (write [1-2])",
	} {
		hosts, err := Hosts(pattern)
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%s: %v, %v", pattern, hosts, err)
			continue
		}
		if got := fmt.Sprintf("%s (%s)", e.Message, e.Fix); got != want {
			t.Errorf("%s:\n got %s\nwant %s", pattern, got, want)
		}
	}
}

func TestExpandCap(t *testing.T) {
	hosts, err := Expand("w[1-100000]")
	if err != nil || len(hosts) != MaxHosts || hosts[MaxHosts-1] != (Host{"w100000", 100000}) {
		t.Error(len(hosts), err)
	}
}

func FuzzHostPattern(f *testing.F) {
	for _, seed := range []string{"cp[1-3]", "node[01-20]", "rack{a,b}-n[1-4]", "w[1-3,7]", "[[", "{,}", "w[99999999999-1]", "\xff", "-", "[1-100000][1-100000]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		hosts, err := Expand(pattern)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(pattern) || e.Message == "" || !utf8.ValidString(e.Message) {
				t.Fatalf("%q: %#v", pattern, err)
			}
			return
		}
		if len(hosts) == 0 || len(hosts) > MaxHosts {
			t.Fatalf("%q: %d hosts", pattern, len(hosts))
		}
		seen := map[string]bool{}
		for _, h := range hosts {
			if seen[h.Name] || strings.ContainsAny(h.Name, "[]{},") || h.Name == "" {
				t.Fatalf("%q: %q", pattern, h.Name)
			}
			seen[h.Name] = true
		}
	})
}

func BenchmarkExpand5000(b *testing.B) {
	for b.Loop() {
		if _, err := Expand("worker[0001-5000]"); err != nil {
			b.Fatal(err)
		}
	}
}
