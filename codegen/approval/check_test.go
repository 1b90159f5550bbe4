package approval_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// now is the time of all tests that depend on it.
var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// listed is a bundle with this list.
func listed(list string, approvals map[string][]byte) *bundle.Bundle {
	b := &bundle.Bundle{List: []byte(list), Approvals: approvals}
	b.Plan.Cluster = "c"
	return b
}

// Who counts, who does not, and why.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	half, sig := map[string]string{}, map[string][]byte{}
	for _, name := range []string{"alice", "alice2", "bob", "carol", "dave", "eve", "future"} {
		half[name] = newKey(t, dir, name, "-t", "ed25519")
		var err error
		sig[name], err = approval.Sign(signer(t, filepath.Join(dir, name)), []byte("the list\n"), approval.Namespace)
		do(t, err)
	}
	other, err := approval.Sign(signer(t, filepath.Join(dir, "bob")), []byte("another list\n"), approval.Namespace)
	do(t, err)
	forGit, err := approval.Sign(signer(t, filepath.Join(dir, "bob")), []byte("the list\n"), "git")
	do(t, err)
	allowed := "# who\n\n" +
		"alice,al " + half["alice"] + " a comment\n" +
		"alice " + half["alice2"] + "\n" +
		"bob namespaces=\"bundle@*,file\" " + half["bob"] + "\n" +
		"carol valid-before=\"20260531Z\" " + half["carol"] + "\n" +
		"dave namespaces=\"git\" " + half["dave"] + "\n" +
		"future valid-after=\"202606011201Z\",valid-before=\"20270101\" " + half["future"] + "\n"
	signers, diags := approval.ParseSigners("allowed", []byte(allowed))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	b := listed("the list\n", map[string][]byte{
		"approvals/a.sig": sig["alice"], "approvals/b.sig": sig["alice"], "approvals/c.sig": sig["alice2"], "approvals/d.sig": sig["bob"],
		"approvals/e.sig": other, "approvals/f.sig": forGit, "approvals/g.sig": sig["carol"], "approvals/h.sig": sig["dave"],
		"approvals/i.sig": sig["eve"], "approvals/j.sig": sig["future"], "approvals/k.sig": []byte("words"),
	})
	key := func(name string) string { return fingerprint(t, filepath.Join(dir, name+".pub")) }
	want := &approval.Report{Bundle: "out", Digest: bundle.Digest([]byte("the list\n")), Cluster: "c", Signers: "allowed", Count: 2, Approvals: []approval.Approval{
		{File: "approvals/a.sig", Status: approval.Valid, Who: "alice,al", Key: key("alice")},
		{File: "approvals/b.sig", Status: approval.Repeated, Who: "alice,al", Key: key("alice"), Reason: "counts once, with approvals/a.sig"},
		{File: "approvals/c.sig", Status: approval.Repeated, Who: "alice", Key: key("alice2"), Reason: "counts once, with approvals/a.sig"},
		{File: "approvals/d.sig", Status: approval.Valid, Who: "bob", Key: key("bob")},
		{File: "approvals/e.sig", Status: approval.Refused, Who: "bob", Key: key("bob"), Reason: "is not a signature of this bundle"},
		{File: "approvals/f.sig", Status: approval.Refused, Who: "bob", Key: key("bob"), Reason: `is a signature for "git", not for "bundle@sprayc"`},
		{File: "approvals/g.sig", Status: approval.Refused, Who: "carol", Key: key("carol"), Reason: "is by carol, who may not sign since 2026-05-31 00:00:00 UTC (allowed:6)"},
		{File: "approvals/h.sig", Status: approval.Refused, Who: "dave", Key: key("dave"), Reason: "is by dave, who may not sign for bundle@sprayc (allowed:7)"},
		{File: "approvals/i.sig", Status: approval.Refused, Key: key("eve"), Reason: "is by a key that is not in allowed"},
		{File: "approvals/j.sig", Status: approval.Refused, Who: "future", Key: key("future"), Reason: "is by future, who may not sign before 2026-06-01 12:01:00 UTC (allowed:8)"},
		{File: "approvals/k.sig", Status: approval.Refused, Reason: "is no SSH signature"},
	}}
	got := approval.Check("out", b, signers, now)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for n, wanted := range []int{0, 0, 0, 10} {
		if diags := got.Need(n); len(diags) != wanted {
			t.Errorf("%d are needed: %v", n, diags)
		}
	}
	d := got.Need(3)[0]
	if d.Label != fmt.Sprintf("out, %s, has 2 of 3 approvals: alice,al (%s) and bob (%s)", want.Digest[:12], key("alice"), key("bob")) {
		t.Error(d.Label)
	}
	unknown := approval.Check("out", listed("the list\n", map[string][]byte{"approvals/a.sig": sig["alice"]}), nil, now)
	if a := unknown.Approvals[0]; unknown.Count != 0 || a.Status != approval.Unchecked {
		t.Errorf("without signers: %+v", unknown)
	}

	// ssh-keygen comes to the same, one by one.
	do(t, os.WriteFile(filepath.Join(dir, "allowed"), []byte(allowed), 0o600))
	for _, a := range got.Approvals {
		do(t, os.WriteFile(filepath.Join(dir, "s"), b.Approvals[a.File], 0o600))
		who, _, _ := strings.Cut(a.Who, ",")
		if who == "" {
			who = "alice"
		}
		out, ok := keygen(t, dir, "the list\n", "-Y", "verify", "-f", "allowed", "-I", who, "-n", approval.Namespace, "-O", "verify-time=20260601120000", "-s", "s")
		if ok != (a.Status == approval.Valid || a.Status == approval.Repeated) {
			t.Errorf("%s is %s, and ssh-keygen says: %s", a.File, a.Status, out)
		}
	}
}

// A line of the file that cannot be read is named, with what is wrong.
func TestParseSigners(t *testing.T) {
	dir := t.TempDir()
	half := newKey(t, dir, "k", "-t", "ed25519")
	small := newKey(t, dir, "small", "-t", "rsa", "-b", "1024")
	for line, want := range map[string]string{
		"": "", "  # x": "", "a " + half: "", "\ta,b\t" + half + " c d": "",
		`a namespaces="x,y",valid-after="20260101",valid-before="20270101120000Z" ` + half: "",
		"a":                        "bad-signer it has no key in base64 behind the key's type",
		"a " + half[:13]:           "bad-signer it has no key in base64 behind the key's type",
		"a " + half[:40]:           "bad-signer the key cannot be read: ssh: short read",
		"!a " + half:               "bad-signer a principal is empty, or begins with an exclamation mark: say who the key belongs to",
		`"a b" ` + half:            "bad-signer the principals are in quotes: write them without",
		"a cert-authority " + half: "authority-ignored only keys are taken, each with a line of its own",
		`a cert-authority,namespaces="x" ` + half:         "authority-ignored only keys are taken, each with a line of its own",
		`a namespace="x" ` + half:                         "bad-signer namespace is no option that is known; they are namespaces, valid-after and valid-before",
		`a namespaces=x ` + half:                          `bad-signer namespaces is no option that is known; they are namespaces="...", valid-after="..." and valid-before="..."`,
		`a namespaces="x ` + half:                         "bad-signer the quotes of namespaces do not fit",
		`a valid-before="tomorrow" ` + half:               `bad-signer "tomorrow" is no time: write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z behind it in UTC`,
		`a valid-after="20261301" ` + half:                `bad-signer "20261301" is no time: write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z behind it in UTC`,
		"a " + strings.Replace(half, "ed25519", "rsa", 1): `bad-signer the key is of the type ssh-ed25519, and the line says "ssh-rsa"`,
		"a " + small: "bad-signer the key is of RSA with 1024 bits; it takes 2048",
	} {
		_, diags := approval.ParseSigners("f", []byte("# first\n"+line+"\n"))
		got := ""
		for _, d := range diags {
			got += d.Kind.ID + " " + d.Label
			if d.Span.Start.Line != 2 || d.Span.Start.Byte != 8 {
				t.Errorf("%q: %+v", line, d.Span)
			}
		}
		if got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", line, got, want)
		}
	}
}

// Names of namespaces match as ssh's patterns do.
func TestNamespacePatterns(t *testing.T) {
	dir := t.TempDir()
	half := newKey(t, dir, "k", "-t", "ed25519")
	sig, err := approval.Sign(signer(t, filepath.Join(dir, "k")), []byte("m"), approval.Namespace)
	do(t, err)
	do(t, os.WriteFile(filepath.Join(dir, "s"), sig, 0o600))
	for _, pattern := range []string{"bundle@sprayc", "*", "bundle@*", "b?ndle@spray?", "git,bundle@sprayc", "git,file", "bundle", "BUNDLE@sprayc", "*,!bundle@*", "[b]undle@sprayc", "bundle@sprayc*x", "**c"} {
		line := "me namespaces=\"" + pattern + "\" " + half + "\n"
		do(t, os.WriteFile(filepath.Join(dir, "allowed"), []byte(line), 0o600))
		_, want := keygen(t, dir, "m", "-Y", "verify", "-f", "allowed", "-I", "me", "-n", approval.Namespace, "-s", "s")
		signers, diags := approval.ParseSigners("allowed", []byte(line))
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		if got := approval.Check("out", listed("m", map[string][]byte{"approvals/a.sig": sig}), signers, now).Count == 1; got != want {
			t.Errorf("%s: %v, and ssh-keygen says %v", pattern, got, want)
		}
	}
}

// Who has a key in several lines is judged as ssh-keygen -Y find-principals and -Y verify
// do, one after the other, as run.sh asks them.
func TestSeveralLines(t *testing.T) {
	dir := t.TempDir()
	half := newKey(t, dir, "k", "-t", "ed25519")
	sig, err := approval.Sign(signer(t, filepath.Join(dir, "k")), []byte("m"), approval.Namespace)
	do(t, err)
	do(t, os.WriteFile(filepath.Join(dir, "s"), sig, 0o600))
	for _, lines := range [][]string{
		{"a", "b"},
		{`a namespaces="git"`, "b"},
		{`a namespaces="git"`, `a namespaces="bundle@sprayc"`},
		{`a namespaces="git"`, `b,a namespaces="bundle@sprayc"`},
		{`a namespaces="git"`, `?`},
		{`a,b namespaces="git"`, `b`},
		{`b,a namespaces="git"`, `b`},
		{`a valid-before="20200101"`, "b"},
		{`a valid-before="20200101"`, `b valid-after="20990101"`},
		{`a valid-before="20200101",namespaces="bundle@sprayc"`, `a namespaces="git"`},
		{`a namespaces="git"`, `a valid-before="20200101"`},
	} {
		text := ""
		for _, line := range lines {
			text += line + " " + half + "\n"
		}
		do(t, os.WriteFile(filepath.Join(dir, "allowed"), []byte(text), 0o600))
		want, who := false, ""
		if found, ok := keygen(t, dir, "", "-Y", "find-principals", "-f", "allowed", "-s", "s"); ok {
			for line := range strings.Lines(found) {
				if !strings.HasPrefix(line, "allowed:") { // a remark
					who, _, _ = strings.Cut(line, "\n")
					break
				}
			}
			_, want = keygen(t, dir, "m", "-Y", "verify", "-f", "allowed", "-I", who, "-n", approval.Namespace, "-s", "s")
		}
		signers, diags := approval.ParseSigners("allowed", []byte(text))
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		a := approval.Check("out", listed("m", map[string][]byte{"approvals/a.sig": sig}), signers, now).Approvals[0]
		if name, _, _ := strings.Cut(a.Who, ","); (a.Status == approval.Valid) != want || want && name != who {
			t.Errorf("%q: %s by %s, and ssh-keygen says %v by %s", lines, a.Status, a.Who, want, who)
		}
	}
}
