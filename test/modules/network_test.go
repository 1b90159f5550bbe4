package modules_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

const manifestText = `kind: DaemonSet
spec:
  containers:
  - image: "docker.io/calico/node:v3.31.7" # the node's
    name: image
  - image: busybox
  - image: 'quay.io/x/y@sha256:00'
  - image: calico/cni:v3
    imagePullPolicy: Always
  - {image: localhost/a:1}
`

// withNetwork compiles base with a network of a manifest, whose digest is of text.
func withNetwork(t *testing.T, text, more string) (*ir.Plan, diag.List) {
	t.Helper()
	dir := t.TempDir()
	sum := sha256.Sum256([]byte(text))
	write(t, filepath.Join(dir, "net.yaml"), manifestText)
	write(t, filepath.Join(dir, "cluster.hcl"), base+fmt.Sprintf("kubernetes \"kubernetes\" {}\nnetwork \"manifest\" {\n  manifests = { net = { content = file(\"net.yaml\"), sha256 = %q } }\n%s\n}\n", hex.EncodeToString(sum[:]), more))
	return compileDir(t, dir)
}

// A network of others' manifests is applied as it is, but for the images that are told to
// come from elsewhere.
func TestNetworkManifest(t *testing.T) {
	for images, want := range map[string]string{
		"": manifestText,
		`images = { "docker.io/" = "r.example.com/hub/", "docker.io/calico/" = "r.example.com/calico/", "localhost/" = "x/" }`: strings.NewReplacer(
			"docker.io/calico/node", "r.example.com/calico/node", ": busybox", ": r.example.com/hub/library/busybox", ": calico/cni", ": r.example.com/calico/cni").Replace(manifestText),
	} {
		plan, diags := withNetwork(t, manifestText, images)
		if diags.HasErrors() {
			t.Fatal(labels(diags))
		}
		got := args(variant(t, plan, "cp1", "network-manifest/manifest"), "manifest", "net")["content"]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", images, diff)
		}
	}
	_, diags := withNetwork(t, "something else", "")
	if want := "invalid-value: net has the sha256 "; !strings.HasPrefix(labels(diags), want) || len(diags) != 1 {
		t.Errorf("another digest: got\n%s", labels(diags))
	}
}

// Without a network nobody waits for nodes to be Ready; without kube-proxy nothing of it
// is made.
func TestWithoutNetworkOrKubeProxy(t *testing.T) {
	plan := must(t, base+"network \"none\" {}\nkubernetes \"kubernetes\" { kube_proxy_mode = \"none\" }\n")
	for _, step := range []string{"kubernetes/ready", "kubernetes/kube-proxy"} {
		if variant(t, plan, "cp1", step) != nil {
			t.Errorf("there is %s", step)
		}
	}
	plan = must(t, base+"kubernetes \"kubernetes\" {}\n")
	for _, step := range []string{"kubernetes/ready", "kubernetes/kube-proxy"} {
		if variant(t, plan, "cp1", step) == nil {
			t.Errorf("there is no %s", step)
		}
	}
}

// The MTU that a definition gives is the nodes'; what pods get of it is asked.
func TestFlannelMTU(t *testing.T) {
	flannel := func(text string) string {
		return base + "kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {" + text + "}\n"
	}
	for text, want := range map[string]string{"": "", " mtu = 1400 ": "1350", "\n  backend = \"wireguard\"\n  mtu = 1400\n": "1320"} {
		got := argMap(variant(t, must(t, flannel(text)), "cp1", "flannel/answers").Verifies[0].Env)["MTU"]
		if got != want {
			t.Errorf("with%s pods are to have the MTU %q, not %q", text, got, want)
		}
	}
	_, diags := compile(t, flannel("\n  backend = \"host-gw\"\n  mtu = 1400\n"))
	if want := "flannel's host-gw takes the MTU of the nodes' interface"; len(diags) != 1 || !strings.Contains(labels(diags), want) {
		t.Errorf("host-gw with an MTU: got\n%s", labels(diags))
	}
}
