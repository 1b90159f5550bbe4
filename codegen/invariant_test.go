package codegen_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
)

func shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// Whatever the order in which the compiler's blocks came, and however many
// processors there are, the bundle is the same bytes.
func TestDeterministic(t *testing.T) {
	want := mustBuild(t, sample.Plan(200))
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for seed := range uint64(5) {
		runtime.GOMAXPROCS(1 + int(seed)%3)
		plan := sample.Plan(200)
		r := rand.New(rand.NewPCG(seed, seed))
		shuffle(r, plan.Hosts)
		shuffle(r, plan.Classes)
		shuffle(r, plan.Roles)
		shuffle(r, plan.Modules)
		shuffle(r, plan.Outputs)
		shuffle(r, plan.Files)
		for _, class := range plan.Classes {
			shuffle(r, class.Hosts)
			shuffle(r, class.Roles)
		}
		for _, step := range plan.Steps {
			shuffle(r, step.Roles)
			shuffle(r, step.Needs)
		}
		for _, host := range plan.Hosts {
			shuffle(r, host.Env)
		}
		if diff := cmp.Diff(want, mustBuild(t, plan)); diff != "" {
			t.Fatalf("seed %d: -sorted +shuffled:\n%s", seed, diff)
		}
	}
}

// Adding a worker changes no other host: neither its digest nor any file that
// it gets.
func TestAddWorkerChangesNoOtherHost(t *testing.T) {
	before, after := mustBuild(t, sample.Plan(20)), mustBuild(t, sample.Plan(21))
	if len(after.Plan.Hosts) != len(before.Plan.Hosts)+1 {
		t.Fatalf("%d hosts, then %d", len(before.Plan.Hosts), len(after.Plan.Hosts))
	}
	for _, host := range before.Plan.Hosts {
		if got := after.Plan.Host(host.Name); got == nil || got.Digest != host.Digest {
			t.Errorf("%s: was %+v, is %+v", host.Name, host, got)
		}
		for _, path := range before.HostFiles(host.Name) {
			if !bytes.Equal(before.Files[path].Data, after.Files[path].Data) {
				t.Errorf("%s: %s is another", host.Name, path)
			}
		}
	}
}

// A host's digest changes when anything that it gets does.
func TestDigestCoversAll(t *testing.T) {
	digest := func(change func(*ir.Plan)) string {
		plan := sample.Plan(1)
		change(plan)
		return mustBuild(t, plan).Plan.Host("w0001").Digest
	}
	same := digest(func(*ir.Plan) {})
	for name, change := range map[string]func(*ir.Plan){
		"a value of its own": func(p *ir.Plan) { p.Hosts[1].Env[0].Text = "x" },
		"its address":        func(p *ir.Plan) { p.Hosts[1].Address = "10.9.9.9" },
		"a literal":          func(p *ir.Plan) { p.Steps[1].Variants[0].Resources[1].Args[2].Value.Text = "0600" },
		"a module's script":  func(p *ir.Plan) { p.Files[0].Data = []byte("ls \"$ROOT\"\n") },
		"a step less":        func(p *ir.Plan) { p.Classes[1].Steps = p.Classes[1].Steps[:2] },
		"a payload": func(p *ir.Plan) {
			p.Hosts[1].Payloads = []*ir.File{{Path: "hosts/w0001/x", Data: []byte("x")}}
		},
	} {
		if digest(change) == same {
			t.Errorf("%s: the digest is the same", name)
		}
	}
}

// onePlan is a plan of one host and one script that holds the texts wherever a
// plan can have text of a user's.
func onePlan(texts [6]string) *ir.Plan {
	class := &ir.Class{Name: "c", OS: "debian-12", Family: "debian", Arch: "amd64", Roles: []string{"worker"}}
	class.Steps = []ir.StepUse{{Step: "m/s", Role: "worker"}}
	class.Hosts = []string{"h"}
	source := sample.Span(texts[5], 1, 1)
	return &ir.Plan{
		Cluster: texts[4], Stages: []string{"s"}, Classes: []*ir.Class{class},
		Hosts: []*ir.Host{{Name: "h", Class: "c", Address: "10.0.0.1", Env: []ir.Var{{Name: "h_v", Text: texts[3]}}, Source: source}},
		Files: []*ir.File{{Path: "steps/m/files/v.sh", Data: []byte(": \"$V\"\n")}},
		Steps: []*ir.Step{{
			Name: "m/s", Module: "m", Stage: "s", Summary: texts[2], Roles: []string{"worker"}, Source: source,
			Variants: []*ir.Variant{{
				Resources: []*ir.Resource{{
					Kind: "file", Label: "f", Name: sample.Literal(texts[0]), Source: source,
					Args: []ir.Arg{
						{Name: "content", Value: sample.Literal(texts[1]), Source: source},
						{Name: "mode", Value: sample.Literal("0644"), Source: source},
						{Name: "host", Value: ir.Value{Kind: ir.HostVar, Text: "h_v"}, Source: source},
						{Name: "payload", Value: ir.Value{Kind: ir.HostPayload, Text: "own.conf"}, Source: source},
						{Name: "live", Value: ir.Value{Kind: ir.Live, Text: "m/out"}, Source: source},
						{Name: "map." + texts[4], Value: sample.Literal(texts[4]), Source: source},
					},
					Notifies: []ir.Address{{Kind: "service", Name: texts[0]}},
				}},
				Verifies: []*ir.Script{{
					Label: texts[2], Payload: "steps/m/files/v.sh", Source: source,
					Env: []ir.Arg{{Name: "V", Value: sample.Literal(texts[3]), Source: source}},
				}},
			}},
		}},
	}
}

// library is stub functions that print each argument that they get, so that a
// script's values can be compared.
const library = `set -eu
SPRAY_BUNDLE=B SPRAY_STEPS=S SPRAY_IN=I
show() { for a in "$@"; do printf '%s\036' "$a"; done; }
step() { show step "$@"; }
resource() { show resource "$@"; }
verify() { show verify "$@"; }
step_end() { show end; }
`

// runScript runs the one script of a bundle on its one host in dash and
// returns what the library was called with.
func runScript(t *testing.T, b *bundle.Bundle) []string {
	t.Helper()
	dir := t.TempDir()
	text := library + string(b.Files["hosts/h.env"].Data) + string(b.Files["steps/m/s.sh"].Data)
	path := filepath.Join(dir, "script")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dash", path)
	cmd.Dir, cmd.Env = dir, []string{"PATH=/nonexistent", "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, text)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the script left something: %v, %v", entries, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x1e"), "\x1e")
}

// checkTexts builds a plan with these texts, checks that its script is a fixed
// point of the printer, and that the library gets every value byte for byte.
func checkTexts(t *testing.T, texts [6]string) {
	t.Helper()
	b := mustBuild(t, onePlan(texts))
	script := b.Files["steps/m/s.sh"].Data
	again, err := shell.Format("again", script)
	if err != nil || !bytes.Equal(script, again) {
		t.Fatalf("not a fixed point: %v\n%s\n%s", err, script, again)
	}
	file := texts[5]
	got := runScript(t, b)
	at := ""
	if len(got) > 5 {
		at = got[5]
	}
	if file != "" && !strings.HasSuffix(at, ":1:1") {
		t.Errorf("place: %q", at)
	}
	want := []string{
		"step", "m/s", "resource", "file", texts[0], at, "path=" + texts[0], "content=" + texts[1], "mode=0644", "host=" + texts[3],
		"payload=B/hosts/h/own.conf", "live=I/m.out",
		"map." + texts[4] + "=" + texts[4], "notify=service:" + texts[0],
		"verify", texts[2], at, "S/m/files/v.sh", "V=" + texts[3], "end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-given +got):\n%s\nscript:\n%s", diff, script)
	}
}

var awkward = []string{
	"plain", "", "it's", "$(touch x)`touch y`", "a\nb\n", "\n", "\r\n", "\t\v\f\x01\x7f", "EOF\n}\nmain() { touch x; }\n", "'; touch x; '",
	"\\", "\\'", "# no comment", "é\u2028\u00a0", "-n", "${HOME}", "*", "a b", "\"", "{a,b}", "=", "\\\n",
}

func TestValuesSurvive(t *testing.T) {
	for i, text := range awkward {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			for place := range 6 {
				texts := [6]string{"/a", "b", "c", "d", "e", "f.hcl"}
				texts[place] = text
				checkTexts(t, texts)
			}
			checkTexts(t, [6]string{text, text, text, text, text, text})
		})
	}
}

func FuzzValues(f *testing.F) {
	for i, text := range awkward {
		f.Add(text, awkward[(i+1)%len(awkward)], awkward[(i+2)%len(awkward)], text, text, text)
	}
	f.Fuzz(func(t *testing.T, a, b, c, d, e, source string) {
		texts := [6]string{a, b, c, d, e, source}
		for i, text := range texts {
			// The separator is the test's own; hcl has only valid text, and no NUL passes.
			texts[i] = strings.ToValidUTF8(strings.NewReplacer("\x1e", "", "\x00", "").Replace(text), "")
		}
		checkTexts(t, texts)
	})
}

func TestNULIsADiagnostic(t *testing.T) {
	texts := [6]string{"/a", "b\x00", "c", "d", "e", "f.hcl"}
	_, diags := build(onePlan(texts))
	if len(diags) != 1 || diags[0].Kind.ID != "shell-value" || diags[0].Span.File != "f.hcl" {
		t.Errorf("diagnostics: %+v", diags)
	}
}

// Every generated script is clean under shellcheck, whatever is in it.
func TestShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	bundles := []*bundle.Bundle{mustBuild(t, sample.Plan(1))}
	for _, text := range awkward {
		bundles = append(bundles, mustBuild(t, onePlan([6]string{text, text, text, text, text, "f.hcl"})))
	}
	dir := t.TempDir()
	args := []string{"-s", "sh"}
	for i, b := range bundles {
		for path, file := range b.Files {
			if strings.HasPrefix(path, "steps/") && strings.HasSuffix(path, ".sh") && !strings.Contains(path, "/files/") {
				name := filepath.Join(dir, fmt.Sprint(i, "-", strings.ReplaceAll(path, "/", "-")))
				if err := os.WriteFile(name, file.Data, 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, name)
			}
		}
	}
	if out, err := exec.Command("shellcheck", args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func BenchmarkBuild5000(b *testing.B) {
	plan := sample.Plan(5000)
	for b.Loop() {
		mustBuild(b, plan)
	}
}

func BenchmarkWrite5000(b *testing.B) {
	built := mustBuild(b, sample.Plan(5000))
	dir := filepath.Join(b.TempDir(), "out")
	for b.Loop() {
		if err := bundle.Write(dir, built); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead5000(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "out")
	if err := bundle.Write(dir, mustBuild(b, sample.Plan(5000))); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := bundle.Read(dir); err != nil {
			b.Fatal(err)
		}
	}
}
