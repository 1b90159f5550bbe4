package stdlib_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// kubeadmSigns stands in for kubeadm: it makes a pair, or a kubeconfig, beside an authority
// that it can read, as its configuration says.
const kubeadmSigns = `for config; do :; done
at=$(sed -n 's/^"certificatesDir": "\(.*\)"$/\1/p' "$config")
case $3 in
certs)
	case $4 in
	etcd-*) name=etcd/${4#etcd-} ca=etcd/ca ;;
	front-proxy-client) name=$4 ca=front-proxy-ca ;;
	apiserver-etcd-client) name=$4 ca=etcd/ca ;;
	*) name=$4 ca=ca ;;
	esac
	cat "$at/$ca.crt" "$at/$ca.key" >/dev/null || return 1
	printf 'key of %s' "$4" >"$at/$name.key"
	printf '%s: days 365' "$4" >"$at/$name.crt"
	;;
kubeconfig)
	cat "$at/ca.key" >/dev/null || return 1
	printf 'users:\n- user:\n    client-certificate-data: days_365\n    client-key-data: new_%s\n' "$4" >"$6/$4.conf"
	;;
esac`

// kubeconfigOf is one of days; what else it says is the host's own.
func kubeconfigOf(days string) string {
	return "clusters:\n- server: https://own\nusers:\n- name: x\n  user:\n    client-certificate-data: days_" + days + "\n    client-key-data: old\nown: kept\n"
}

const pkiFolder = "/etc/kubernetes/pki/"

// controlPlane are the files of one whose certificates have that many days.
func controlPlane(days string) map[string]string {
	files := map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/etc/kubernetes/manifests/kube-apiserver.yaml": "", "/etc/kubernetes/manifests/etcd.yaml": "",
		"/etc/kubernetes/kubeadm/init.yaml": "\"kind\": \"InitConfiguration\"\n---\n\"certificateValidityPeriod\": \"24h\"\n\"kind\": \"ClusterConfiguration\"\n"}
	for _, ca := range []string{"ca", "front-proxy-ca", "etcd/ca"} {
		files[pkiFolder+ca+".crt"], files[pkiFolder+ca+".key"] = "days 3000", "key of "+ca
	}
	for _, name := range []string{"apiserver", "apiserver-kubelet-client", "front-proxy-client", "apiserver-etcd-client", "etcd/server", "etcd/peer", "etcd/healthcheck-client"} {
		files[pkiFolder+name+".crt"], files[pkiFolder+name+".key"] = "days "+days, "old key"
	}
	for _, name := range []string{"admin", "super-admin", "controller-manager", "scheduler"} {
		files["/etc/kubernetes/"+name+".conf"] = kubeconfigOf(days)
	}
	return files
}

var renewal = map[string]string{"RENEW": "90", "VALIDITY": "", "CONFIG": "/etc/kubernetes/kubeadm/init.yaml"}

// What ends soon is made anew, but for what is somebody else's.
func TestRenewalIsDue(t *testing.T) {
	due := func(name, want string, change map[string]string, without ...string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/renew.probe.sh", env: renewal, files: controlPlane("100"), want: want}
		maps.Copy(c.files, change)
		for _, file := range without {
			delete(c.files, file)
		}
		return c
	}
	all := strings.Join([]string{"apiserver", "apiserver-kubelet-client", "front-proxy-client", "apiserver-etcd-client", "etcd/server", "etcd/peer", "etcd/healthcheck-client", "admin.conf", "super-admin.conf", "controller-manager.conf"}, " ends in 89 days\ndiffers ")
	every := due("all", "differs "+all+" ends in 89 days\ndiffers scheduler.conf ends in 89 days\nok", nil)
	every.files = controlPlane("89")
	runInTurn(t, []scriptCase{
		due("none", "ok", nil),
		every,
		due("ended", "differs apiserver has ended\ndiffers scheduler.conf ends in 0 days\nok", map[string]string{pkiFolder + "apiserver.crt": "days -1", "/etc/kubernetes/scheduler.conf": kubeconfigOf("0")}),
		due("etcd elsewhere", "differs apiserver ends in 9 days\nok", map[string]string{pkiFolder + "apiserver.crt": "days 9"},
			pkiFolder+"etcd/server.crt", pkiFolder+"etcd/peer.crt", pkiFolder+"etcd/healthcheck-client.crt", pkiFolder+"apiserver-etcd-client.crt", pkiFolder+"etcd/ca.crt", pkiFolder+"etcd/ca.key"),
		due("from outside", "differs etcd/peer ends in 7 days\nok", map[string]string{"/etc/kubernetes/own-certificates": "apiserver.crt\netcd/server.crt\nadmin.conf\n",
			pkiFolder + "apiserver.crt": "days 7", pkiFolder + "etcd/server.crt": "days 7", pkiFolder + "etcd/peer.crt": "days 7", "/etc/kubernetes/admin.conf": kubeconfigOf("7")}),
		due("the CA's key is elsewhere", "differs etcd/peer ends in 7 days\nok", map[string]string{pkiFolder + "apiserver.crt": "days 7", pkiFolder + "front-proxy-client.crt": "days 7", pkiFolder + "etcd/peer.crt": "days 7", "/etc/kubernetes/admin.conf": kubeconfigOf("7")},
			pkiFolder+"ca.key", pkiFolder+"front-proxy-ca.key"),
		due("another way to log in", "ok", map[string]string{"/etc/kubernetes/admin.conf": "token: days_1\n"}),
		due("broken off", "differs an earlier renewal was broken off\nok", map[string]string{pkiFolder + ".renewing/making/apiserver.key": ""}),
		due("no control plane yet", "note this host is no control plane yet\nok", map[string]string{pkiFolder + "apiserver.crt": "days 7"}, "/etc/kubernetes/manifests/kube-apiserver.yaml"),
	})
}

// A renewal makes what is due, by the period of the definition, and leaves all else as it was:
// the authorities, what is good for longer, and what a kubeconfig says beside.
func TestRenewal(t *testing.T) {
	files := controlPlane("400")
	files[pkiFolder+"apiserver.crt"], files[pkiFolder+"etcd/peer.crt"], files["/etc/kubernetes/scheduler.conf"] = "days 5", "days -3", kubeconfigOf("5")
	c := killedCase{"renewal", "kubernetes/renew.probe.sh", "kubernetes/renew.act.sh", maps.Clone(renewal), files,
		map[string]string{"kubeadm": `for config; do :; done
! grep -q '24h' "$config" || return 1
grep -q '^"certificateValidityPeriod": "8000h"$' "$config" || return 1
` + kubeadmSigns}}
	c.env["VALIDITY"] = "8000h"
	want := maps.Clone(files)
	maps.Copy(want, map[string]string{pkiFolder + "apiserver.crt": "apiserver: days 365", pkiFolder + "apiserver.key": "key of apiserver", pkiFolder + "etcd/peer.crt": "etcd-peer: days 365", pkiFolder + "etcd/peer.key": "key of etcd-peer",
		"/etc/kubernetes/scheduler.conf": strings.Replace(kubeconfigOf("365"), "old", "new_scheduler", 1), "/run/sprayc/kubeadm/due": ""})
	c.leaves(t, want, true)
}

// One that was broken off between the key and its certificate, which are moved by one
// command, is gone on with: what was made is not made again.
func TestRenewalBrokenOffBetweenKeyAndCertificate(t *testing.T) {
	files := controlPlane("5")
	maps.Copy(files, map[string]string{pkiFolder + "apiserver.key": "the new key", pkiFolder + ".renewing/made/apiserver.crt": "new: days 365", pkiFolder + ".renewing/made/etcd/peer.crt": "new: days 365",
		pkiFolder + ".renewing/made/etcd/peer.key": "another new key", pkiFolder + ".renewing/made/admin.conf": kubeconfigOf("365")})
	c := killedCase{"renewal", "kubernetes/renew.probe.sh", "kubernetes/renew.act.sh", renewal, files, map[string]string{"kubeadm": kubeadmSigns}}
	want := maps.Clone(files)
	for name := range files {
		if strings.Contains(name, ".renewing") {
			delete(want, name)
		}
		if short, ours := strings.CutPrefix(strings.TrimSuffix(name, ".crt"), pkiFolder); ours && strings.HasSuffix(name, ".crt") && files[name] == "days 5" {
			phase := strings.Replace(short, "/", "-", 1)
			want[name], want[pkiFolder+short+".key"] = phase+": days 365", "key of "+phase
		}
		if files[name] == kubeconfigOf("5") {
			want[name] = strings.Replace(kubeconfigOf("365"), "old", "new_"+strings.TrimSuffix(filepath.Base(name), ".conf"), 1)
		}
	}
	maps.Copy(want, map[string]string{pkiFolder + "apiserver.crt": "new: days 365", pkiFolder + "apiserver.key": "the new key", pkiFolder + "etcd/peer.crt": "new: days 365", pkiFolder + "etcd/peer.key": "another new key",
		"/etc/kubernetes/admin.conf": kubeconfigOf("365"), "/run/sprayc/kubeadm/due": ""})
	c.leaves(t, want, false)
}

// proc is a process that sees the host's own files, started at that many seconds after 1970.
func proc(c *scriptCase, pid, comm, started string) {
	c.files["/proc/"+pid+"/comm"] = comm + "\n"
	c.files["/proc/"+pid+"/stat"] = pid + " (" + comm + ") S 1" + strings.Repeat(" 7", 17) + " " + started + "00 9\n"
	c.links["/proc/"+pid+"/root"] = "/"
}

// What reads its kubeconfig at its start alone starts anew when another is there, whoever put
// it there; so does one whose own certificate ends soon.
func TestRestartsAreDue(t *testing.T) {
	restarts := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/restarts.probe.sh", want: want, links: map[string]string{},
			env: map[string]string{"PROCESSES": "kube-controller-manager kube-controller controller-manager.conf 127.0.0.1:10257\nkube-scheduler kube-scheduler scheduler.conf -", "RENEW": "90", "TIMEOUT": "9"},
			files: map[string]string{"/etc/kubernetes/manifests/kube-controller-manager.yaml": "", "/etc/kubernetes/manifests/kube-scheduler.yaml": "",
				"/etc/kubernetes/controller-manager.conf": "", "/etc/kubernetes/scheduler.conf": "", "/proc/stat": "cpu 1\nintr 1" + strings.Repeat(" 1", 40) + "\nbtime 1000\n"},
			stubs: map[string]string{"curl": "echo days 100", "stat": "echo 5000"}}
		proc(&c, "12", "kube-controller", "5000")
		proc(&c, "13", "kube-scheduler", "4000")
		if change != nil {
			change(&c)
		}
		return c
	}
	const manager, scheduler = "differs kube-controller-manager has read another controller-manager.conf\n", "differs kube-scheduler has read another scheduler.conf\n"
	runInTurn(t, []scriptCase{
		restarts("young", "ok", nil),
		restarts("started in the second before", "ok", func(c *scriptCase) { c.stubs["stat"] = "echo 5001" }),
		restarts("written in place", scheduler+"ok", func(c *scriptCase) { c.stubs["stat"] = "echo 5002" }),
		restarts("written in place before both", manager+scheduler+"ok", func(c *scriptCase) { c.stubs["stat"] = "echo 6002" }),
		restarts("another file of that name", manager+scheduler+"ok", func(c *scriptCase) { c.stubs["cmp"] = "return 1" }),
		restarts("somebody else's scheduler", manager+"ok", func(c *scriptCase) { c.stubs["cmp"] = "return 1"; delete(c.links, "/proc/13/root") }),
		restarts("it does not run", manager+"ok", func(c *scriptCase) { c.stubs["cmp"] = "return 1"; delete(c.files, "/proc/13/comm") }),
		restarts("no manifest", scheduler+"ok", func(c *scriptCase) {
			c.stubs["cmp"] = "return 1"
			delete(c.files, "/etc/kubernetes/manifests/kube-controller-manager.yaml")
		}),
		restarts("its own certificate", "differs kube-controller-manager shows a certificate that ends in 89 days, and makes another when it starts\nok", func(c *scriptCase) { c.stubs["curl"] = "echo days 89" }),
		restarts("it shows nothing", "blocked kube-controller-manager: it does not show its certificate at 127.0.0.1:10257\nok", func(c *scriptCase) { c.stubs["curl"] = "echo days 89; return 7" }),
	})
}

// Each is ended by its id, and is waited for until another of its name answers.
func TestRestarts(t *testing.T) {
	starts := `printf 'kills %s\n' "$1" >&3
rm -r "$ROOT_OF_TEST/proc/$1"
mkdir "$ROOT_OF_TEST/proc/2$1"
case $1 in
12) printf 'kube-controller\n' >"$ROOT_OF_TEST/proc/2$1/comm" ;;
*) printf 'kube-scheduler\n' >"$ROOT_OF_TEST/proc/2$1/comm" ;;
esac`
	restart := func(name, want string, stubs map[string]string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/restarts.act.sh", want: want, env: map[string]string{"PROCESSES": "", "RENEW": "90", "TIMEOUT": "3"}, stubs: stubs,
			files: map[string]string{"/run/sprayc/kubeadm/restarts": "kube-controller-manager kube-controller 12 127.0.0.1:10257\nkube-scheduler kube-scheduler 13 -\n", "/proc/12/comm": "kube-controller\n", "/proc/13/comm": "kube-scheduler\n"}}
		c.stubs["sleep"] = ":"
		return c
	}
	const manager, scheduler = "note kube-controller-manager is started anew\nkills 12\n", "note kube-scheduler is started anew\nkills 13"
	runInTurn(t, []scriptCase{
		restart("both", manager+scheduler, map[string]string{"kill": starts, "curl": ":"}),
		restart("it does not start", manager+"fail kube-controller-manager does not answer 3 s after its end; look at: journalctl -u kubelet.service", map[string]string{"kill": `printf 'kills %s\n' "$1" >&3; rm -r "$ROOT_OF_TEST/proc/$1"`, "curl": ":"}),
		restart("it does not end", manager+"fail kube-controller-manager does not answer 3 s after its end; look at: journalctl -u kubelet.service", map[string]string{"kill": `printf 'kills %s\n' "$1" >&3`, "curl": ":"}),
		restart("it does not answer", manager+"fail kube-controller-manager does not answer 3 s after its end; look at: journalctl -u kubelet.service", map[string]string{"kill": starts, "curl": "return 7"}),
	})
}

// A kubelet's own certificate is looked at where it has made one, and only where it is one.
func TestKubeletRenewalIsDue(t *testing.T) {
	const kubelet = "/var/lib/kubelet/pki/"
	due := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/renew-kubelet.probe.sh", want: want, env: map[string]string{"RENEW": "90", "AT": "10.0.0.11:10250", "TIMEOUT": "9"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "x", kubelet + "kubelet.crt": "days 100", kubelet + "kubelet.key": "x"}, stubs: map[string]string{"systemctl": ":", "curl": "echo shown days 100"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	runInTurn(t, []scriptCase{
		due("well", "ok", nil),
		due("soon", "differs the kubelet's certificate ends in 89 days", func(c *scriptCase) { c.files[kubelet+"kubelet.crt"] = "days 89" }),
		due("ended", "differs the kubelet's certificate has ended", func(c *scriptCase) { c.files[kubelet+"kubelet.crt"] = "days -9" }),
		due("killed before it started anew", "differs the kubelet's certificate is not there, or its key is not", func(c *scriptCase) { delete(c.files, kubelet+"kubelet.crt") }),
		due("another is shown", "differs the kubelet shows another certificate than it has\nok", func(c *scriptCase) { c.stubs["curl"] = "echo shown days 99" }),
		due("nothing is shown", "ok", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		due("the cluster signs it", "ok", func(c *scriptCase) {
			c.files[kubelet+"kubelet.crt"], c.files[kubelet+"kubelet-server-current.pem"] = "days 5", "days 5"
		}),
		due("no node yet", "note no kubelet runs here yet\nok", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/kubelet.conf") }),
	})
}

// The kubelet makes another when it starts and has none; one that is good and not shown is kept.
func TestKubeletRenewal(t *testing.T) {
	const kubelet = "/var/lib/kubelet/pki/"
	const makes = `printf 'systemctl %s\n' "$*" >&3
[ -e "$ROOT_OF_TEST/var/lib/kubelet/pki/kubelet.crt" ] || { echo made days 365 >"$ROOT_OF_TEST/var/lib/kubelet/pki/kubelet.crt"; echo made days 365 >"$ROOT_OF_TEST/var/lib/kubelet/pki/kubelet.key"; }`
	renew := func(name, days, shown, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/renew-kubelet.act.sh", want: want, env: map[string]string{"RENEW": "90", "AT": "10.0.0.11:10250", "TIMEOUT": "3"},
			files: map[string]string{kubelet + "kubelet.crt": "days " + days, kubelet + "kubelet.key": "x"}, stubs: map[string]string{"systemctl": makes, "curl": "echo '" + shown + "'", "sleep": ":"}}
	}
	const restarts = "systemctl restart kubelet.service"
	runInTurn(t, []scriptCase{
		renew("soon", "5", "shown made days 365", restarts),
		renew("another is shown", "100", "shown days 100", restarts),
		renew("it is not made", "5", "shown days 5", restarts+"\nfail the kubelet shows no new certificate at 10.0.0.11:10250 after 3 s; look at: journalctl -u kubelet.service"),
	})
}

// After a renewal all are good for long enough and shown; what nobody here can make anew is
// told of.
func TestVerifyRenewed(t *testing.T) {
	shows := map[string]string{"curl": `for url; do :; done
case $url in
*:6443/*) file=apiserver ;;
*:2379/*) file=etcd/server ;;
*) file=etcd/peer ;;
esac
printf 'shown %s' "$(cat "$ROOT_OF_TEST/etc/kubernetes/pki/$file.crt")"
[ "$file" != etcd/peer ] || return 52 # it has no such page`, "sleep": ":"}
	verify := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/verify-renewed.sh", files: controlPlane("100"), stubs: maps.Clone(shows), env: map[string]string{"RENEW": "90", "ADDRESS": "10.0.0.11", "PORT": "6443"}}
		var all strings.Builder
		for _, file := range []string{"apiserver.crt", "apiserver-kubelet-client.crt", "front-proxy-client.crt", "apiserver-etcd-client.crt", "etcd/server.crt", "etcd/peer.crt", "etcd/healthcheck-client.crt", "admin.conf", "super-admin.conf", "controller-manager.conf", "scheduler.conf"} {
			path := pkiFolder + file
			if strings.HasSuffix(file, ".conf") {
				path = "/etc/kubernetes/" + file
			}
			all.WriteString("found certificate " + file + ": good for 90 days or more (its date in " + path + ": 100 days)\n")
		}
		for _, at := range []string{"6443 apiserver", "2379 etcd/server", "2380 etcd/peer"} {
			port, file, _ := strings.Cut(at, " ")
			all.WriteString("found certificate of 10.0.0.11:" + port + ": that of " + pkiFolder + file + ".crt (what is served there, against the file)\n")
		}
		c.want = strings.TrimSpace(all.String())
		for _, change := range strings.Split(want, "\n") {
			if line, instead, changed := strings.Cut(change, " => "); changed {
				lines := strings.Split(c.want, "\n")
				for i := range lines {
					if strings.HasPrefix(lines[i], line) {
						lines[i] = instead
					}
				}
				c.want = strings.Join(lines, "\n")
			}
		}
		if change != nil {
			change(&c)
		}
		return c
	}
	runInTurn(t, []scriptCase{
		verify("well", "", nil),
		verify("not made", "found certificate scheduler.conf => differs certificate scheduler.conf is good for 5 days, not good for 90 days or more (its date in /etc/kubernetes/scheduler.conf: 5 days)",
			func(c *scriptCase) { c.files["/etc/kubernetes/scheduler.conf"] = kubeconfigOf("5") }),
		verify("from outside", `found certificate apiserver.crt => warn apiserver.crt was brought from outside and is good for 5 days: bring a new one (certificates "own"), and run`, func(c *scriptCase) {
			c.files[pkiFolder+"apiserver.crt"], c.files["/etc/kubernetes/own-certificates"] = "days 5", "apiserver.crt\n"
		}),
		verify("the CA's key is elsewhere", `found certificate front-proxy-client.crt => warn front-proxy-client.crt is good for 5 days, and the key of its CA is not on this host: bring a new one (certificates "own"), signed where the key is, and run`, func(c *scriptCase) {
			c.files[pkiFolder+"front-proxy-client.crt"] = "days 5"
			delete(c.files, pkiFolder+"front-proxy-ca.key")
		}),
		verify("a CA ends", "", func(c *scriptCase) {
			c.files[pkiFolder+"ca.crt"] = "days 9"
			at := strings.Index(c.want, "found certificate of ")
			c.want = c.want[:at] + "warn the CA ca.crt is good for 9 days; it is not made anew by itself, and nothing that it signs is good for longer\n" + c.want[at:]
		}),
		verify("another is shown", "found certificate of 10.0.0.11:2380 => differs certificate of 10.0.0.11:2380 is another, not that of "+pkiFolder+"etcd/peer.crt (what is served there, against the file)",
			func(c *scriptCase) {
				c.stubs["curl"] = strings.Replace(c.stubs["curl"], "etcd/peer", "etcd/server", 1)
				c.files[pkiFolder+"etcd/server.crt"] = "other: days 100"
			}),
	})
}

// A kubelet's certificate as a client is made anew where the CA's key is.
func TestKubeletClientRenewalIsDue(t *testing.T) {
	const current = "/var/lib/kubelet/pki/kubelet-client-current.pem"
	due := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/renew-client.probe.sh", want: want, env: map[string]string{"RENEW": "90", "VALIDITY": "", "CONFIG": "", "AT": "", "TIMEOUT": ""},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/etc/kubernetes/pki/ca.key": "x", current: "days 89"}}
		change(&c)
		return c
	}
	const soon = "differs the kubelet's certificate as a client ends in 89 days\nok"
	runInTurn(t, []scriptCase{
		due("soon", soon, func(*scriptCase) {}),
		due("well", "ok", func(c *scriptCase) { c.files[current] = "days 90" }),
		due("ended", "differs the kubelet's certificate as a client has ended\nok", func(c *scriptCase) { c.files[current] = "days -2" }),
		due("broken off", "differs an earlier renewal was broken off\nok", func(c *scriptCase) {
			c.files[current], c.files["/var/lib/kubelet/pki/.renewing/config.yaml"] = "days 365", ""
		}),
		due("the CA's key is elsewhere", "ok", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/pki/ca.key") }),
		due("from outside", "ok", func(c *scriptCase) { c.files["/etc/kubernetes/own-certificates"] = "ca.crt\nkubelet.conf\n" }),
		due("others are from outside", soon, func(c *scriptCase) { c.files["/etc/kubernetes/own-certificates"] = "ca.crt\n" }),
		due("no node yet", "ok", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/kubelet.conf") }),
	})
}

// Killed anywhere, the next renewal ends with a whole certificate that the kubelet has read.
func TestKubeletClientRenewal(t *testing.T) {
	const pki = "/var/lib/kubelet/pki/"
	c := killedCase{"renewal", "kubernetes/renew-client.probe.sh", "kubernetes/renew-client.act.sh", map[string]string{"RENEW": "90", "VALIDITY": "8000h", "CONFIG": "/etc/k.yaml", "AT": "10.0.0.11:10250", "TIMEOUT": "3"},
		map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/etc/kubernetes/pki/ca.key": "x", "/etc/k.yaml": "\"kind\": \"ClusterConfiguration\"\n\"certificateValidityPeriod\": \"24h\"\n", pki + "kubelet-client-current.pem": "days 5", "/run/x": ""},
		map[string]string{"date": "echo now", "curl": ":",
			"kubeadm":   `[ "$3 $4" = "kubeconfig kubelet" ] && cp "$8" "$6/kubelet.conf"`,
			"kubectl":   `[ "$3 $(cat "$4")" = "--kubeconfig $(printf '"kind": "ClusterConfiguration"\n"certificateValidityPeriod": "8000h"')" ] && echo days 365`,
			"systemctl": `cat "$ROOT_OF_TEST/var/lib/kubelet/pki/kubelet-client-current.pem" >"$ROOT_OF_TEST/run/read"`}}
	want := maps.Clone(c.files)
	delete(want, pki+"kubelet-client-current.pem")
	want["/run/read"] = "days 365\n"
	c.leaves(t, want, true)
}

// kube-vip has admin.conf as it was when it started, and starts anew when there is another.
func TestKubeVIPRenewal(t *testing.T) {
	probe := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/endpoint-kube-vip/renew.probe.sh", want: want, links: map[string]string{}, env: map[string]string{"ENDPOINT": "api:6443", "TIMEOUT": "3"},
			files: map[string]string{"/etc/kubernetes/admin.conf": "", "/run/sprayc/x": "", "/proc/stat": "intr 1" + strings.Repeat(" 1", 40) + "\nbtime 1000\n"}, stubs: map[string]string{"stat": "echo 5000"}}
		proc(&c, "12", "kube-vip", "5000")
		if change != nil {
			change(&c)
		}
		return c
	}
	const another = "differs kube-vip has read another admin.conf\nok"
	act := func(name, want, kill, curl string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-kube-vip/renew.act.sh", want: "note kube-vip is started anew\nkills 12" + want, env: map[string]string{"ENDPOINT": "api:6443", "TIMEOUT": "3"},
			files: map[string]string{"/run/sprayc/kube-vip": "12\n", "/proc/12/comm": "kube-vip\n"}, stubs: map[string]string{"kill": `printf 'kills %s\n' "$1" >&3; ` + kill, "curl": curl, "sleep": ":"}}
	}
	const starts = `rm -r "$ROOT_OF_TEST/proc/12"; mkdir "$ROOT_OF_TEST/proc/13"; printf 'kube-vip\n' >"$ROOT_OF_TEST/proc/13/comm"`
	const fails = "\nfail kube-vip does not run, or no API server answers at api:6443, 3 s after its end; look at: journalctl -u kubelet.service"
	runInTurn(t, []scriptCase{
		probe("well", "ok", nil),
		probe("written in place", another, func(c *scriptCase) { c.stubs["stat"] = "echo 6002" }),
		probe("another file of that name", another, func(c *scriptCase) { c.stubs["cmp"] = "return 1" }),
		probe("somebody else's", "ok", func(c *scriptCase) { c.stubs["cmp"] = "return 1"; delete(c.links, "/proc/12/root") }),
		act("it starts", "", starts, ":"),
		act("it does not start", fails, `rm -r "$ROOT_OF_TEST/proc/12"`, ":"),
		act("the address is nowhere", fails, starts, "return 7"),
	})
}
