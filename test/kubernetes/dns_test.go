//go:build e2e

package kubernetes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

const cached = `
cluster "c" {
  kubernetes_version     = "VERSION"
  control_plane_endpoint = "10.0.0.11:6443"
  service_subnets        = ["10.233.0.0/18"]
}
hosts "cp1" {
  roles   = ["control_plane", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}
kubernetes "kubernetes" {}
node_dns "nodelocaldns" {
  upstreams = ["10.9.9.9"]
  zones     = [{ names = ["corp.example.com"], servers = ["10.1.1.1"], rewrite = { "old.corp.example.com" = "new.corp.example.com" } }]
}
`

// nodeWithCache is a machine of its own network: the cluster's DNS, that of a company and
// that of the world stand-ins, each a real CoreDNS that says what it is asked and how; the
// cache is a real CoreDNS too, with the module's own Corefile. What upstream's image has
// beside it, the interface with the address, stands here on lo.
const nodeWithCache = `
ip link set lo up
for address in 169.254.25.10 10.233.0.10 10.1.1.1 10.9.9.9; do ip address add $address/32 dev lo; done
mount --bind resolv.conf /etc/resolv.conf
serve() { # NAME ADDRESS ANSWER
	cat >$1.conf <<END
.:53 {
    bind $2
    log . "{proto} {type} {name}"
    template IN A {
        answer "{{ .Name }} 60 IN A $3"
    }
    template IN AAAA {
        rcode NOERROR
    }
    template IN ANY {
        rcode NXDOMAIN
    }
}
END
	"$COREDNS" -conf $1.conf >$1.log 2>&1 &
}
serve cluster 10.233.0.10 10.0.0.1
serve company 10.1.1.1 10.0.0.2
serve world 10.9.9.9 10.0.0.3
"$COREDNS" -conf Corefile >cache.log 2>&1 &
n=0
until "$POD" get http://169.254.25.10:9254/health >/dev/null 2>&1; do
	n=$((n + 1))
	[ $n -lt 600 ] || { cat *.log; exit 1; }
	sleep 0.1
done
for name in web.default.svc.cluster.local. web.default.svc.cluster.local. old.corp.example.com. www.example.org.; do
	printf '%s ' $name; "$POD" lookup $name || { cat *.log; exit 1; }
done
for who in cluster company world; do
	sed -n "s/.*\[INFO\] \([a-z]* A .*\)/$who was asked \1/p" $who.log
done
`

// The module's Corefile does in the real CoreDNS what it is for: names of the cluster go
// to its DNS by TCP, and once; others to their own servers.
func TestNodeLocalDNS(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("a network of its own needs root")
	}
	cache := os.Getenv("SPRAYC_CACHE")
	if cache == "" {
		cache = "../../.cache"
	}
	ctx := context.Background()
	programs := map[string]string{}
	for name, version := range map[string]string{"coredns": "1.14.2", "pods": ""} {
		folder, err := artifacts.Programs(ctx, cache, name, version)
		if err != nil {
			t.Fatal(err)
		}
		if programs[name], err = filepath.Abs(folder); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("Corefile", corefile(t, dir))
	write("resolv.conf", "nameserver 169.254.25.10\n")
	cmd := exec.Command("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-euc", nodeWithCache)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "COREDNS="+filepath.Join(programs["coredns"], "coredns"), "POD="+filepath.Join(programs["pods"], "pod"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `web.default.svc.cluster.local. 10.0.0.1
web.default.svc.cluster.local. 10.0.0.1
old.corp.example.com. 10.0.0.2
www.example.org. 10.0.0.3
cluster was asked tcp A web.default.svc.cluster.local.
company was asked udp A new.corp.example.com.
world was asked udp A www.example.org.
`
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// corefile is that of the module, for a definition with a zone of its own.
func corefile(t *testing.T, dir string) string {
	t.Helper()
	definition := filepath.Join(dir, "cluster.hcl")
	if err := os.WriteFile(definition, []byte(strings.Replace(cached, "VERSION", version(t), 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	def, diags := lang.Load([]string{definition}, lang.Options{})
	lib, more := lang.LoadLibrary(stdlib.FS)
	diags = append(diags, more...)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	plan, more := compiler.Compile(def, lib)
	if more.HasErrors() {
		t.Fatal(more)
	}
	for _, s := range plan.Steps {
		if s.Name != "nodelocaldns/manifest" {
			continue
		}
		for _, a := range s.Variants[0].Resources[0].Args {
			_, text, found := strings.Cut(a.Value.Text, "\"Corefile\": |\n")
			if a.Name != "content" || !found {
				continue
			}
			text, _, _ = strings.Cut(text, "\"kind\"")
			var lines []string
			for line := range strings.Lines(text) {
				lines = append(lines, strings.TrimPrefix(line, "    "))
			}
			return strings.Join(lines, "")
		}
	}
	t.Fatal("the manifest has no Corefile")
	return ""
}
