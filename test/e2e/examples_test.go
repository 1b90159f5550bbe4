//go:build e2e

package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// example is a definition of examples/ on test hosts.
type example struct {
	name  string
	hosts map[string]string // test hosts, with their roles
	words []string          // of the definition, and what stands for them here: as strings.NewReplacer
}

// timeServer is the address of the test host that others have the time from.
const timeServer = "10.77.0.12"

// ofClusters is the example that test/kubernetes/clusters runs.
const ofClusters = "kubernetes"

// examples are those that end in a container runtime.
var examples = []example{
	{name: "small", hosts: map[string]string{"cp1": `["control_plane", "worker", "etcd"]`}},
	{
		name: "reference", hosts: map[string]string{"w2": `["control_plane", "etcd"]`, "w3": `["worker"]`, "r1": `["worker"]`},
		// Packages that the test's repositories have.
		words: []string{`packages = ["vim", "lsof"]`, `packages = ["socat"]`},
	},
	{name: "own-runtime", hosts: map[string]string{"w4": `["control_plane", "etcd"]`, "r2": `["worker"]`}},
	{
		name: "airgap", hosts: map[string]string{"r3": `["control_plane", "etcd"]`, "r4": `["worker"]`},
		words: []string{`"10.20.0.1", "10.20.0.2"`, `"` + timeServer + `"`, `"http://artifacts.example.com"`, `"http://192.0.2.253"`},
	},
}

// everyExample wants each example to be observed: it is in the list, or it comes to the same
// bundle as one that is.
func (w *world) everyExample() {
	w.t.Helper()
	folders, err := filepath.Glob("../../examples/*/cluster.hcl")
	if err != nil || len(folders) == 0 {
		w.t.Fatalf("no examples: %v", err)
	}
	bundle := func(name string) string {
		folder, err := filepath.Abs(filepath.Join("../../examples", name))
		if err != nil {
			w.t.Fatal(err)
		}
		out := filepath.Join(w.t.TempDir(), "out")
		w.must(0, "build", "-o", out, folder)
		list, err := os.ReadFile(filepath.Join(out, "bundle.sha256"))
		if err != nil {
			w.t.Fatal(err)
		}
		return string(list)
	}
	observed := func(name string) bool {
		return name == ofClusters || slices.ContainsFunc(examples, func(e example) bool { return e.name == name })
	}
	for _, folder := range folders {
		name := filepath.Base(filepath.Dir(folder))
		if !observed(name) && !slices.ContainsFunc(examples, func(e example) bool { return bundle(e.name) == bundle(name) }) {
			w.t.Errorf("no run of the example %s is observed", name)
		}
	}
}

// served are downloads that the examples have beside a container runtime: a program of a
// site's own, and a stand-in for CRI-O.
func served(t *testing.T) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		"artifacts.example.com/sitectl/1.4.0/sitectl-amd64":                 []byte("hello\n"),
		"storage.googleapis.com/cri-o/artifacts/cri-o.amd64.v1.36.3.tar.gz": crio(t),
	}
}

// crio is a release of CRI-O, as its example unpacks it, whose daemon only says that it runs.
func crio(t *testing.T) []byte {
	t.Helper()
	program := filepath.Join(t.TempDir(), "crio")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./crio")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for _, name := range []string{"conmon", "conmonrs", "crio", "crun", "pinns"} {
		if err := archive.WriteHeader(&tar.Header{Name: "cri-o/bin/" + name, Mode: 0o755, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// define copies an example and has it speak of test hosts: their names, addresses and
// systems, the downloads that are served, and what control groups of test hosts cannot do.
func (w *world) define(e example, crio []byte) {
	w.t.Helper()
	if err := os.CopyFS(filepath.Join(w.folder, e.name), os.DirFS(filepath.Join("../../examples", e.name))); err != nil {
		w.t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(w.folder, e.name, "cluster.hcl"))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(e.words); i += 2 {
		if !strings.Contains(string(text), e.words[i]) {
			w.t.Fatalf("%s has no %s", e.name, e.words[i])
		}
	}
	file, diags := hclwrite.ParseConfig([]byte(strings.NewReplacer(e.words...).Replace(string(text))), "cluster.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		w.t.Fatal(diags)
	}
	body := file.Body()
	var mirror, runtime *hclwrite.Block
	for _, block := range body.Blocks() {
		switch block.Type() {
		case "hosts", "host", "ssh", "role":
			body.RemoveBlock(block)
		case "mirror":
			mirror = block
		case "runtime":
			runtime = block
		}
	}
	if mirror == nil {
		mirror = body.AppendNewBlock("mirror", nil)
	}
	mirror.Body().SetAttributeRaw("files", words(`"http://192.0.2.253"`))
	if runtime == nil {
		runtime = body.AppendNewBlock("runtime", []string{"containerd"})
	}
	if e.name != "own-runtime" {
		for name, value := range map[string]string{"static": "false", "crictl": "false", "restrict_oom_score_adj": "true", "disable_hugetlb_controller": "true", "disable_apparmor": "true"} {
			runtime.Body().SetAttributeRaw(name, words(value))
		}
	}
	hosts := ""
	for _, h := range w.fleet.All {
		if roles := e.hosts[h.Name]; roles != "" {
			hosts += w.hostsBlock(h.Name, roles)
		}
	}
	digest := sha256.Sum256(crio)
	w.write(e.name+"/cluster.hcl", string(file.Bytes())+hosts+"catalog \"./served.hcl\" {}\n")
	w.write(e.name+"/served.hcl", w.fleet.Artifacts.Catalog()+`
component "cri-o" {
  url     = "https://storage.googleapis.com/cri-o/artifacts/cri-o.{arch}.v{version}.tar.gz"
  format  = "tar.gz"
  default = "1.36.3"
  versions = {
    "1.36.3" = { amd64 = "`+hex.EncodeToString(digest[:])+`" }
  }
}
`)
	w.must(0, "build", "-o", "out-"+e.name, e.name)
}

// words are an expression as HCL writes it.
func words(text string) hclwrite.Tokens {
	return hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: []byte(text)}}
}
