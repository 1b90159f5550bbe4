//go:build e2e

package clusters

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// What kubeadm has signed, as the table calls it, and who shows it.
var (
	signedFiles = []string{"apiserver", "apiserver-etcd-client", "apiserver-kubelet-client", "front-proxy-client", "etcd/server", "etcd/peer", "etcd/healthcheck-client",
		"admin.conf", "super-admin.conf", "controller-manager.conf", "scheduler.conf", "kubelet as a client"}
	signedShown = []string{"etcd for clients", "etcd for peers", "kube-apiserver", "kube-apiserver through the endpoint"}
)

// A cluster whose certificates were issued for a day: the table ends with 3 and names each.
// After a renewal every endpoint shows the new one; what has not read it was started anew, and
// nothing else was.
func TestCertificates(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1}, "nftables", "")
	w.define("certificate_validity_period = \"24h\"\n  certificates_warn_days = 0\n  certificates_fail_days = 0")
	w.on(0, "run")
	w.works("cp1", "w1")

	before := w.certificates(3)
	if diff := cmp.Diff(slices.Sorted(slices.Values(slices.Concat(signedFiles, signedShown))), short(before, "cp1")); diff != "" {
		t.Errorf("of these cp1 is to say that they end soon (-want +got):\n%s", diff)
	}
	if got := short(before, "w1"); len(got) > 0 {
		t.Errorf("on w1 these end soon: %v", got)
	}
	text := w.on(3, "certificates")
	t.Logf("certificates:\n%s", text)
	for _, what := range slices.Concat(signedFiles, signedShown) {
		if !strings.Contains(text, "\n"+what+" on cp1 ends ") {
			t.Errorf("%s is not named", what)
		}
	}

	w.define("")
	w.must(0, "build", "--operation", "certificates", "-o", "renewal", "cluster.hcl", "hosts.hcl")
	if out := w.on(1, "run", "renewal"); !strings.Contains(out, "sprayc certificates renew renewal") {
		t.Errorf("run does not refuse a bundle for certificates:\n%s", out)
	}
	w.on(2, "plan", "renewal")
	authorities := w.sh("cp1", `cd /etc/kubernetes/pki; sha256sum ca.crt ca.key sa.key sa.pub front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key`)
	processes := w.processes()
	ended := w.poll("cp1")
	t.Logf("renewal:\n%s", w.renew())
	ended()

	after := w.certificates(0)
	for _, what := range slices.Concat(signedFiles, signedShown, []string{"kube-controller-manager", "kube-scheduler"}) {
		switch was, is := before["cp1 "+what], after["cp1 "+what]; {
		case was.Serial == "" || is.Serial == "" || was.Serial == is.Serial:
			t.Errorf("%s has the serial %q, and had %q", what, is.Serial, was.Serial)
		case is.DaysLeft < 364:
			t.Errorf("%s is good for %d days", what, is.DaysLeft)
		}
	}
	for name, is := range after {
		if was := before[name]; (strings.HasPrefix(name, "w1 ") || strings.HasSuffix(name, "ca") || name == "cp1 kubelet") && was.Serial != is.Serial {
			t.Errorf("%s is another", name)
		}
	}
	if got := w.sh("cp1", `cd /etc/kubernetes/pki; sha256sum ca.crt ca.key sa.key sa.pub front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key`); got != authorities {
		t.Errorf("other authorities and keys than before:\n%s\n%s", authorities, got)
	}
	w.startedAnew(processes, "cp1 kube-controller", "cp1 kube-scheduler", "cp1 kubelet")
	w.paired()
	w.on(0, "plan", "renewal")
	w.sh("cp1", `kubectl create deployment after --image registry.example.com/sprayc/pod:1 && kubectl rollout status deployment/after --timeout=120s`)
	w.on(0, "run")
	w.works("cp1", "w1")

	t.Run("broken off", func(t *testing.T) {
		w.t = t
		w.brokenOff()
	})
	w.t = t
}

// A tableEntry is a certificate in the table.
type tableEntry struct {
	Host     string `json:"host"`
	What     string `json:"what"`
	Serial   string `json:"serial"`
	Note     string `json:"note"`
	DaysLeft int    `json:"days_left"`
	Short    bool   `json:"short"`
}

// certificates is the table by HOST WHAT. Nothing that is served is another than on disk.
func (w *world) certificates(code int) map[string]tableEntry {
	w.t.Helper()
	var table struct {
		Certificates []tableEntry `json:"certificates"`
	}
	out := w.on(code, "certificates", "--json")
	if err := json.Unmarshal([]byte(out), &table); err != nil {
		w.t.Fatalf("%v:\n%s", err, out)
	}
	all := map[string]tableEntry{}
	for _, one := range table.Certificates {
		all[one.Host+" "+one.What] = one
		if one.Note != "" {
			w.t.Errorf("%s on %s: %s", one.What, one.Host, one.Note)
		}
	}
	return all
}

// short are those of a host that end soon.
func short(table map[string]tableEntry, host string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if table[name].Short && table[name].Host == host {
			names = append(names, table[name].What)
		}
	}
	return names
}

// renew runs the bundle for it, to its end.
func (w *world) renew() string {
	w.t.Helper()
	return w.must(0, "certificates", "renew", "-F", w.fleet.SSHConfig(), "renewal")
}

// startedAnew: these processes, HOST COMM, are others than before, and no others are.
func (w *world) startedAnew(before map[string]string, names ...string) {
	w.t.Helper()
	anew := regexp.MustCompile(`(?m)^.*\n`)
	var got []string
	for host, now := range w.processes() {
		for _, line := range anew.FindAllString(now, -1) {
			if !strings.Contains(before[host], line) {
				got = append(got, host+" "+strings.Fields(line)[0])
			}
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(names, got); diff != "" {
		w.t.Errorf("started anew (-want +got):\n%s", diff)
	}
}

// paired: each key is that of its certificate, and nothing is left of a renewal.
func (w *world) paired() {
	w.t.Helper()
	if got := w.sh("cp1", `cd /etc/kubernetes/pki; for crt in *.crt etcd/*.crt; do
[ "$(openssl x509 -in "$crt" -noout -pubkey)" = "$(openssl pkey -in "${crt%crt}key" -pubout)" ] || printf '%s\n' "$crt is not of its key"
done; ls -d .renewing 2>/dev/null; ls -d /etc/kubernetes/.*.new 2>/dev/null; stat -c '%a %U:%G %n' *.key etcd/*.key /etc/kubernetes/*.conf | grep -v -e '^600 root:root ' -e resolv.conf; :`); got != "" {
		w.t.Errorf("on cp1:\n%s", got)
	}
}

// shortAgain issues certificates for a day, as by hand.
const shortAgain = `sed 's/^"kind": "ClusterConfiguration"$/&\n"certificateValidityPeriod": "24h"/' /etc/kubernetes/kubeadm/init.yaml >/root/short.yaml
kubeadm certs renew all --config /root/short.yaml`

// brokenOff: a renewal that dies while certificates are made, and one that died between a key
// and its certificate, are gone on with by the next. So is what somebody has renewed by hand.
func (w *world) brokenOff() {
	w.t.Helper()
	w.sh("cp1", shortAgain)
	w.sh("w1", `cd /var/lib/kubelet/pki && openssl req -x509 -newkey rsa:2048 -nodes -days 5 -subj /CN=w1@1 -addext subjectAltName=DNS:w1 -keyout kubelet.key -out kubelet.crt 2>/dev/null && systemctl restart kubelet`)
	w.renewed("cp1", "w1")
	killed := w.meanwhile("cp1", "until [ -e /etc/kubernetes/pki/.renewing/making/etcd/server.crt ]; do sleep 0.02; done; "+hostDies)
	w.must(1, "certificates", "renew", "-F", w.fleet.SSHConfig(), "renewal")
	killed()
	w.sh("cp1", "[ -d /etc/kubernetes/pki/.renewing/making ]; kubectl get --raw /readyz")
	before := w.certificates(3)
	if got := short(before, "cp1"); len(got) != len(signedFiles)-1+len(signedShown) {
		w.t.Errorf("after one that was broken off before anything was moved, these end soon: %v", got)
	}
	if got := short(before, "w1"); !slices.Equal(got, []string{"kubelet", "kubelet as a server"}) && len(got) > 0 {
		w.t.Errorf("on w1 these end soon: %v", got)
	}

	// As it is between two renames.
	w.sh("cp1", `cd /etc/kubernetes/pki && rm -rf .renewing && mkdir -p .renewing/made && d=$PWD/.renewing/made && ln -s "$PWD/ca.crt" "$PWD/ca.key" .renewing/made/ &&
{ sed 's,^"kind": "ClusterConfiguration"$,&\n"certificatesDir": "'"$d"'",' /etc/kubernetes/kubeadm/init.yaml; } >/root/made.yaml && kubeadm init phase certs apiserver --config /root/made.yaml && rm "$d/ca.crt" "$d/ca.key" && mv "$d/apiserver.key" . && [ -e "$d/apiserver.crt" ]`)
	processes := w.processes()
	w.t.Logf("renewal:\n%s", w.renew())
	after := w.certificates(0)
	for _, what := range slices.Concat(signedFiles, signedShown) {
		if what == "kubelet as a client" {
			continue
		}
		if was, is := before["cp1 "+what], after["cp1 "+what]; was.Serial == is.Serial || is.DaysLeft < 364 {
			w.t.Errorf("%s has the serial %s, and had %s; %d days", what, is.Serial, was.Serial, is.DaysLeft)
		}
	}
	w.paired()
	anew := []string{"cp1 kube-controller", "cp1 kube-scheduler"}
	if before["w1 kubelet"].Short { // else the run that was broken off has done that
		anew = append(anew, "w1 kubelet")
	}
	w.startedAnew(processes, anew...)
	w.on(0, "plan", "renewal")
	w.works("cp1", "w1")
}
