package stdlib_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
)

const (
	caFolder  = pkiFolder + "rotation/"
	caPatch   = "/etc/kubernetes/kubeadm/patches/kube-controller-manager0ca+json.json"
	caManager = "/etc/kubernetes/manifests/kube-controller-manager.yaml"
	caFlag    = "    - --cluster-signing-cert-file=" + caFolder + "signing.crt\n"
	caNoted   = `get namespace kube-system --output jsonpath={.metadata.annotations.sprayc/ca}`
	caJSON    = `[{"op":"add","path":"/spec/containers/0/command/-","value":"--cluster-signing-cert-file=` + caFolder + `signing.crt"}]` + "\n"
)

// certificates are some in PEM; in tests the id of each is its name.
func certificates(names string) string {
	var text strings.Builder
	for _, name := range strings.Fields(names) {
		text.WriteString("-----BEGIN CERTIFICATE-----\n" + name + "\n-----END CERTIFICATE-----\n")
	}
	return text.String()
}

// leaf is a certificate by one of them.
func leaf(by string) string {
	return strings.Replace(certificates("leaf"), "leaf\n", "leaf\nby "+by+"\n", 1)
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// trusting is a kubeconfig that trusts some, with a client's certificate.
func trusting(names string) string {
	return "    certificate-authority-data: " + encoded(certificates(names)) + "\n    server: https://api:6443\n    client-certificate-data: x\n    client-key-data: x\n"
}

// pair is what one control plane tells the others.
func pair(name string) string {
	return strings.Join([]string{encoded(certificates(name)), encoded("key of " + name + "\n"), encoded(certificates("p-" + name)), encoded("key of p-" + name + "\n")}, " ")
}

// proxies are the front proxy's authorities beside those.
func proxies(names string) string {
	return strings.Join(strings.Fields(" "+strings.ReplaceAll(" "+names, " ", " p-")), " ")
}

// caHost is a control plane that trusts some CAs, the first of which signs.
func caHost(name, script, goal, trusts, noted, want string) scriptCase {
	first := strings.Fields(trusts)[0]
	c := scriptCase{name: name, script: kubernetes + script, want: want,
		env: map[string]string{"GENERATION": "2", "GOAL": goal, "KEY": "/run/key", "SERVER": "10.0.0.1:6443", "CONFIG": "/etc/kubernetes/kubeadm/init.yaml",
			"PATCHES": "/etc/kubernetes/kubeadm/patches", "WHERE": "127.0.0.1:10257", "TIMEOUT": "3"},
		files: map[string]string{pkiFolder + "ca.crt": certificates(trusts), pkiFolder + "ca.key": "key of " + first + "\n",
			pkiFolder + "front-proxy-ca.crt": certificates(proxies(trusts)), pkiFolder + "front-proxy-ca.key": "key of p-" + first + "\n",
			"/etc/kubernetes/admin.conf": trusting(trusts), "/etc/kubernetes/controller-manager.conf": trusting(trusts),
			"/etc/kubernetes/kubeadm/init.yaml": "\"kind\": \"ClusterConfiguration\"\n", "/etc/kubernetes/kubeadm/patches/x": "", caManager: "manager\n"},
		stubs: map[string]string{"kubectl": `case $* in *'` + caNoted + `') printf '%s' '` + noted + `' ;; esac`, "curl": ":"}}
	if strings.Contains(trusts, " ") {
		c.files[caFolder+"signing.crt"], c.files[caPatch], c.files[caManager] = certificates(first), caJSON, "manager\n"+caFlag
	}
	return c
}

// ready is a host that has a new CA beside.
func (c scriptCase) ready(name string) scriptCase {
	c.files[caFolder+"2/ca.crt"], c.files[caFolder+"2/ca.key"] = certificates(name), "key of "+name+"\n"
	c.files[caFolder+"2/front-proxy-ca.crt"], c.files[caFolder+"2/front-proxy-ca.key"] = certificates("p-"+name), "key of p-"+name+"\n"
	c.files[caFolder+"2/apiserver-kubelet-client.crt"], c.files[caFolder+"2/apiserver-kubelet-client.key"] = leaf(name), "key of leaf"
	return c
}

func (c scriptCase) with(file, text string) scriptCase {
	c.files[file] = text
	return c
}

func (c scriptCase) stub(name, text string) scriptCase {
	c.stubs[name] = text
	return c
}

// Another CA is made where no control plane has it, and nowhere else.
func TestCAMade(t *testing.T) {
	probe := func(name, trusts, noted, want string) scriptCase {
		return caHost(name, "ca-made.probe.sh", "", trusts, noted, want)
	}
	output := caHost("it signs", "ca-made.output.sh", "", "new old", "", pair("new"))
	beside := caHost("beside", "ca-made.output.sh", "", "old", "", pair("new")).ready("new")
	output.prints, beside.prints = true, true
	const absent = "absent this host has no CA of generation 2"
	runInTurn(t, []scriptCase{
		probe("none", "old", "", absent),
		probe("that of before is noted", "old", "1 alone old 5", absent),
		probe("made", "old", "", "present").ready("new"),
		probe("all trust it", "old new", "2 trusts new 5", "present").ready("new"),
		probe("it signs", "new old", "2 signs new 5", "present"),
		probe("another was made while this host was away", "old", "2 trusts new 5", absent).ready("other"),
		probe("half of it was made", "old", "", absent).with(caFolder+"2/ca.key", "key"),
		probe("no API server", "old", "", "blocked the API server: it does not say which CA it has").stub("kubectl", "return 1"),
		caHost("nobody has it any more", "ca-made.act.sh", "", "old", "2 trusts new 5", "fail no control plane has the CA of generation 2 that the cluster knows: bring one back that has, or write another generation"),
		output, beside,
	})
}

// kubeadm makes both authorities where the configuration says, beside its own.
func TestCAIsMade(t *testing.T) {
	c := caHost("", "", "", "old", "", "")
	c.files["/etc/kubernetes/kubeadm/init.yaml"] = "\"certificatesDir\": \"/elsewhere\"\n\"kind\": \"ClusterConfiguration\"\n"
	want := maps.Clone(c.files)
	k := killedCase{"ca", "kubernetes/ca-made.probe.sh", "kubernetes/ca-made.act.sh", c.env, c.files,
		map[string]string{"kubectl": c.stubs["kubectl"], "kubeadm": kubeadmCA}}
	made := caHost("", "", "", "old", "", "").ready("new").files
	for _, name := range []string{"ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key"} {
		want[caFolder+"2/"+name] = made[caFolder+"2/"+name]
	}
	k.leaves(t, want, true)
}

// kubeadmCA makes authorities and a leaf where it is told to, and the controller manager's manifest as the patches say.
const kubeadmCA = `for config; do :; done
! grep -q elsewhere "$config" || return 1
at=$(sed -n 's/^"certificatesDir": "\(.*\)"$/\1/p' "$config")
pem() { printf -- '-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n' "$1"; }
case $4 in
ca) pem new >"$at/ca.crt"; printf 'key of new\n' >"$at/ca.key" ;;
front-proxy-ca) pem p-new >"$at/front-proxy-ca.crt"; printf 'key of p-new\n' >"$at/front-proxy-ca.key" ;;
apiserver-kubelet-client) pem "leaf
by $(sed -n '/^-----/!{p;q;}' "$at/ca.crt")" >"$at/apiserver-kubelet-client.crt"; printf 'key of leaf' >"$at/apiserver-kubelet-client.key" ;;
controller-manager)
	printf 'manager\n' >"$KUBEADM_INIT_DRYRUN_DIR/kube-controller-manager.yaml"
	for patch in "$ROOT_OF_TEST"/etc/kubernetes/kubeadm/patches/*.json; do
		[ ! -e "$patch" ] || printf '    - --cluster-signing-cert-file=%s\n' "$ROOT_OF_TEST/etc/kubernetes/pki/rotation/signing.crt" >>"$KUBEADM_INIT_DRYRUN_DIR/kube-controller-manager.yaml"
	done
	;;
*) return 1 ;;
esac`

// How far a control plane has come.
func TestCAProbe(t *testing.T) {
	probe := func(name, goal, trusts, noted, want string) scriptCase {
		return caHost(name, "ca.probe.sh", goal, trusts, noted, want)
	}
	const (
		none   = "differs this host has no CA of generation 2"
		copies = "differs the controller manager signs by another file\nok"
	)
	runInTurn(t, []scriptCase{
		probe("trusts: none", "trusts", "old", "", none),
		probe("trusts: not yet", "trusts", "old", "", "differs the CA of generation 2 is not trusted here\ndiffers the front proxy's CA of generation 2 is not trusted here\nok").ready("new"),
		probe("trusts: done", "trusts", "old new", "", "ok").ready("new"),
		probe("trusts: another than all trust", "trusts", "old other", "2 trusts new 5", none).ready("other"),
		probe("trusts: the API server has not read it", "trusts", "old new", "", "differs the API server does not take clients of the new CA\nok").ready("new").stub("curl", "case $* in *readyz) ;; *) return 22 ;; esac"),
		probe("trusts: a kubeconfig does not", "trusts", "old new", "", "differs admin.conf trusts others than /etc/kubernetes/pki/ca.crt\nok").ready("new").with("/etc/kubernetes/admin.conf", trusting("old")),
		probe("trusts: the controller manager could not sign", "trusts", "old new", "", copies).ready("new").with(caManager, "manager\n"),
		probe("trusts: or signs by another", "trusts", "old new", "", copies).ready("new").with(caFolder+"signing.crt", certificates("new")),
		probe("trusts: it signs", "trusts", "new old", "2 signs new 5", "ok"),
		probe("trusts: it is alone", "trusts", "new", "2 alone new 5", "ok"),
		probe("signs: not all trust", "signs", "old new", "", "blocked step ca-pods: not everything trusts the CA of generation 2 yet").ready("new"),
		probe("signs: pods do not", "signs", "old new", "2 trusts new 5", "blocked step ca-pods: not everything trusts the CA of generation 2 yet").ready("new"),
		probe("signs: not yet", "signs", "old new", "2 pods new 5", "differs the CA of before signs here, not that of generation 2\nok").ready("new"),
		probe("signs: another is here", "signs", "old other", "2 pods new 5", "blocked exec trusts: this host has no CA of generation 2").ready("other"),
		probe("signs: broken off", "signs", "new old", "2 pods new 5", "differs an earlier run was broken off\nok").ready("new"),
		probe("signs: done", "signs", "new old", "2 signs new 5", "ok"),
		probe("alone: not everything is by it", "alone", "new old", "2 pods new 5", "blocked sprayc certificates rotate-ca: the CA of generation 2 does not sign everything yet"),
		probe("alone: the old one signs", "alone", "old new", "2 signs new 5", "fail /etc/kubernetes/pki/ca.crt does not begin with the CA of generation 2: sprayc certificates rotate-ca comes first"),
		probe("alone: not yet", "alone", "new old", "2 signs new 5", "differs the CA of before is trusted\ndiffers the front proxy's CA of before is trusted\nok"),
		probe("alone: the copy is left", "alone", "new", "2 signs new 5", "differs the controller manager signs by a copy, and there is one CA alone\nok").with(caFolder+"signing.crt", certificates("new")),
		probe("alone: done", "alone", "new", "2 alone new 5", "ok"),
	})
}

// Wherever the acts are killed, the next run ends as if nothing had been: ca.key is that of the
// first certificate, and the controller manager's copy that of ca.key.
func TestCAActsKilled(t *testing.T) {
	for _, goal := range []struct{ name, trusts, noted, then string }{
		{"trusts", "old", "", "old new"},
		{"signs", "old new", "2 pods new 5", "new old"},
		{"alone", "new old", "2 signs new 5", "new"},
	} {
		t.Run(goal.name, func(t *testing.T) {
			t.Parallel()
			c := caHost("", "", goal.name, goal.trusts, goal.noted, "").with("/run/key", pair("new"))
			c.files["/proc/stat"], c.files["/proc/7/stat"] = "btime 4000000000\n", "7 (kube-controller) S "+strings.Repeat("1 ", 30)+"\n"
			then := caHost("", "", goal.name, goal.then, goal.noted, "")
			if goal.name == "trusts" {
				then.ready("new")
			}
			if goal.name == "signs" {
				c.ready("new")
			}
			want := maps.Clone(c.files)
			for name := range c.files {
				if strings.HasPrefix(name, caFolder) || name == caPatch {
					delete(want, name)
				}
			}
			maps.Copy(want, then.files)
			if goal.name != "signs" {
				want["/run/sprayc/kubeadm/ca/kube-controller-manager.yaml"] = then.files[caManager]
			}
			c.stubs["kubeadm"], c.stubs["sleep"] = kubeadmCA, ":"
			k := killedCase{goal.name, "kubernetes/ca.probe.sh", "kubernetes/ca.act.sh", c.env, c.files, c.stubs}
			k.leaves(t, want, true)
		})
	}
}

// What the new CA has not signed is made anew, and nothing else.
func TestCALeaves(t *testing.T) {
	probe := func(name, want string, files map[string]string) scriptCase {
		c := caHost(name, "ca-leaves.probe.sh", "", "new old", "", want)
		c.env["RENEW"], c.env["VALIDITY"] = "1", ""
		c.files["/etc/kubernetes/admin.conf"] = "client-certificate-data: x\nby new\n"
		c.files["/etc/kubernetes/controller-manager.conf"] = "client-certificate: /a/file\n"
		c.files[pkiFolder+"apiserver.crt"], c.files[pkiFolder+"front-proxy-client.crt"] = leaf("new"), leaf("p-new")
		maps.Copy(c.files, files)
		return c
	}
	runInTurn(t, []scriptCase{
		probe("all are", "ok", nil),
		probe("some are not", "differs apiserver is by the CA of before\ndiffers front-proxy-client is by the CA of before\ndiffers admin.conf is by the CA of before\nok",
			map[string]string{pkiFolder + "apiserver.crt": leaf("old"), pkiFolder + "front-proxy-client.crt": leaf("p-old"), "/etc/kubernetes/admin.conf": "client-certificate-data: x\nby old\n"}),
		probe("a renewal was broken off", "differs an earlier renewal was broken off\nok", map[string]string{pkiFolder + ".renewing/making/x": ""}),
	})
}
