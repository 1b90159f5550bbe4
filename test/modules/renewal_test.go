package modules_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

// A bundle for certificates renews them, on one control plane after another, tells of them,
// and has nothing else.
func TestRenewal(t *testing.T) {
	for _, test := range []struct{ name, settings, more, control, worker string }{
		{"stacked", "", "", "kubernetes/renew kubernetes/certificate-list kubernetes/renew-kubelet-client kubernetes/renew-kubelet", "kubernetes/certificate-list kubernetes/renew-kubelet"},
		{"etcd on hosts", "", "etcd \"hosts\" {}\n", "etcd-hosts/certificates etcd-hosts/client kubernetes/renew etcd-hosts/certificate-list etcd-hosts/client-certificate-list kubernetes/certificate-list kubernetes/renew-kubelet-client kubernetes/renew-kubelet",
			"kubernetes/certificate-list kubernetes/renew-kubelet"},
		{"what reads a kubeconfig", "", "endpoint \"kube-vip\" {\n  interface = \"eth0\"\n  address = \"10.0.0.9\"\n}\n", "kubernetes/renew endpoint-kube-vip/renew kubernetes/certificate-list kubernetes/renew-kubelet-client kubernetes/renew-kubelet", "kubernetes/certificate-list kubernetes/renew-kubelet"},
		{"kubelets with a certificate of another", "kubelet = { serverTLSBootstrap = true }", "host \"cp1\" { kubelet = { serverTLSBootstrap = false, tlsCertFile = \"/etc/k.crt\", tlsPrivateKeyFile = \"/etc/k.key\" } }\n",
			"kubernetes/renew kubernetes/certificate-list kubernetes/renew-kubelet-client", "kubernetes/certificate-list"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+test.settings+"\n}\nnetwork \"flannel\" {}\n"+test.more)
		plan := forOperation(t, dir, "certificates")
		for _, class := range plan.Classes {
			var steps []string
			for _, use := range class.Steps {
				steps = append(steps, use.Step)
			}
			want := map[string]string{"cp1": test.control, "worker1": test.worker}[class.Hosts[0]]
			if got := strings.Join(steps, " "); got != want {
				t.Errorf("%s: %s has\n%s, not\n%s", test.name, class.Hosts[0], got, want)
			}
		}
		for _, step := range plan.Steps {
			if disrupts := strings.Contains(step.Name, "/renew"); step.Disruptive != disrupts {
				t.Errorf("%s: %s is disruptive: %v", test.name, step.Name, step.Disruptive)
			}
		}
	}
}

// What would be due again as soon as it is made is refused, where it would be made; all else
// takes such a period.
func TestRenewalIsRefused(t *testing.T) {
	for _, test := range []struct{ operation, settings, want string }{
		{"certificates", "certificate_validity_period = \"24h\"", "certificates that are good for 24h (certificate_validity_period) would be made anew each time: write a longer one, or fewer certificates_renew_days than 90"},
		{"certificates", "certificate_validity_period = \"2160h\"", "certificates that are good for 2160h (certificate_validity_period) would be made anew each time: write a longer one, or fewer certificates_renew_days than 90"},
		{"certificates", "certificate_validity_period = \"90m\"\n  certificates_renew_days = 0", "certificates that are good for 90m (certificate_validity_period) would be made anew each time"},
		{"certificates", "certificate_validity_period = \"2161h0m0s\"", ""},
		{"certificates", "certificate_validity_period = \"24h\"\n  certificates_renew_days = 0", ""},
		{"converge", "certificate_validity_period = \"24h\"", ""},
		{"converge", "certificate_validity_period = \"a year\"", "certificate_validity_period is a duration such as 8760h, not \"a year\""},
		{"converge", "ca_certificate_validity_period = \"10y\"", "ca_certificate_validity_period is a duration such as 87600h, not \"10y\""},
		{"converge", "certificates_renew_days = 365", "certificates_renew_days is a whole number from 0 to 364"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+test.settings+"\n}\nnetwork \"flannel\" {}\n")
		def, diags := lang.Load([]string{dir}, lang.Options{Operation: test.operation})
		lib, more := lang.LoadLibrary(stdlib.FS)
		if diags = append(diags, more...); diags.HasErrors() {
			t.Fatal(labels(diags))
		}
		_, diags = compiler.Compile(def, lib)
		if got := labels(diags); diags.HasErrors() != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %s: got %q, want %q", test.operation, test.settings, got, test.want)
		}
	}
}

// The periods are kubeadm's, for those that it makes later too; what is not said is kubeadm's
// own.
func TestCertificatePeriods(t *testing.T) {
	periods := func(settings string) string {
		plan := must(t, base+"kubernetes \"kubernetes\" {\n  "+settings+"\n}\nnetwork \"flannel\" {}\n")
		var found []string
		for name, value := range documents(t, plan, "cp1", "InitConfiguration")["ClusterConfiguration"].AsValueMap() {
			if strings.HasSuffix(name, "ValidityPeriod") {
				found = append(found, name+" "+value.AsString())
			}
		}
		slices.Sort(found)
		return strings.Join(found, ", ")
	}
	if got, want := periods("certificate_validity_period = \"24h\"\n  ca_certificate_validity_period = \"48h\""), "caCertificateValidityPeriod 48h, certificateValidityPeriod 24h"; got != want {
		t.Errorf("kubeadm gets %s, not %s", got, want)
	}
	if got := periods(""); got != "" {
		t.Errorf("kubeadm gets %s", got)
	}
}
