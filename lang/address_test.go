package lang

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An address names each block and attribute as it is written, wherever it stands.
func TestAddresses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cluster.hcl")
	text := `cluster "c" { domain = "x" }
ssh { user = "admin" }
locals { zone = "z" }
variable "v" { default = "x" }
hosts "w[1-2]" {
  roles = ["worker"]
}
host "w2" { os = "debian-12" }
role "worker" { max_unavailable = "1" }
mirror {
  registry "a.example.com" { endpoint = "https://b" }
}
proxy { http = "http://p:1" }
catalog "./v.hcl" {}
runtime "containerd" { root = "/x" }
module "./a b" {}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	def, diags := Load([]string{file}, Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for address, at := range def.Addresses() {
		got = append(got, fmt.Sprintf("%d:%d %s", at.Start.Line, at.Start.Column, address))
	}
	sort.Strings(got)
	want := []string{
		`10:1 mirror`, `11:30 mirror registry "a.example.com" endpoint`, `11:3 mirror registry "a.example.com"`,
		`13:1 proxy`, `13:9 proxy http`, `14:1 catalog "./v.hcl"`, `15:1 runtime "containerd"`, `15:24 runtime "containerd" root`, `16:1 module "./a b"`,
		`1:1 cluster "c"`, `1:15 cluster "c" domain`, `2:1 ssh`, `2:7 ssh user`, `3:10 locals zone`, `4:1 variable "v"`,
		`5:1 hosts "w[1-2]"`, `6:3 hosts "w[1-2]" roles`, `8:1 host "w2"`, `8:13 host "w2" os`, `9:1 role "worker"`, `9:17 role "worker" max_unavailable`,
	}
	sort.Strings(want)
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
}
