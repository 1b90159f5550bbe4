//go:build e2e

package kubernetes

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// The real API server of each minor version reads what it is given besides its flags: the
// policy of the audit log, who callers are and what they may do, the admission plugins'
// configuration. It has read it all when it looks for etcd, which is not there.
func TestAPIServerReadsItsFiles(t *testing.T) {
	sprayc := filepath.Join(t.TempDir(), "sprayc")
	output(t, "go", "build", "-o", sprayc, "../../cmd/sprayc")
	for _, version := range pinned(t) {
		t.Run(version, func(t *testing.T) {
			programs, err := artifacts.Programs(context.Background(), Cache("../.."), "kubernetes", version)
			if err != nil {
				t.Fatal(err)
			}
			d := documents{t: t, programs: programs, host: "cp1", folder: t.TempDir(), seen: map[string]bool{}}
			output(t, "sh", "files.sh", bundle(t, sprayc, version, []string{"testdata/documents/security.hcl"}), d.host, d.folder)
			output(t, "openssl", "genrsa", "-out", filepath.Join(d.folder, "sa.key"), "2048")
			output(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", filepath.Join(d.folder, "etc/site-audit.key"), "-out", filepath.Join(d.folder, "etc/site-audit.crt"))
			output(t, "sh", "-c", `grep -rlE '"?/etc/(kubernetes|site)/' "$0/etc/kubernetes" | xargs sed -i "s|/etc/kubernetes/|$0/etc/kubernetes/|; s|/etc/site/|$0/etc/site-|"`, d.folder)
			d.reads()
		})
	}
}

// loaded is what an API server says that has read everything, up to 1.35. From 1.36 on it
// asks etcd before it reads what is for admission.
var loaded = regexp.MustCompile(`Loaded \d+ validating admission controller|error creating storage factory: context deadline exceeded`)

func (d documents) reads() {
	d.t.Helper()
	args := []string{
		"--etcd-servers=http://127.0.0.1:1", "--bind-address=127.0.0.1", "--secure-port=16443", "--cert-dir=" + filepath.Join(d.folder, "certs"), "--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer=https://x", "--service-account-signing-key-file=" + filepath.Join(d.folder, "sa.key"), "--service-account-key-file=" + filepath.Join(d.folder, "sa.key"),
	}
	text := d.read("etc/kubernetes/kubeadm/init.yaml")
	text = text[strings.Index(text, `"apiServer":`):strings.Index(text, `"controllerManager":`)]
	for _, arg := range regexp.MustCompile(`- "name": "(.+)"\n +"value": "(.*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(arg[1], "encryption-") { // its file is made on the host
			args = append(args, "--"+arg[1]+"="+strings.ReplaceAll(arg[2], "/var/log/", d.folder+"/"))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(d.programs, "kube-apiserver"), args...)
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if said = append(said, lines.Text()); loaded.MatchString(lines.Text()) {
			if err := cmd.Process.Kill(); err != nil {
				d.t.Error(err)
			}
			_ = cmd.Wait() // it was killed
			return
		}
	}
	d.t.Errorf("the API server ended with %v:\n%s", cmd.Wait(), strings.Join(said, "\n"))
}
