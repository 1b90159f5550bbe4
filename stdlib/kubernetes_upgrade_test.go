package stdlib_test

import (
	"maps"
	"testing"
)

// upgradeCase is a case of a script that asks the API: kubectl answers by the lines of the
// stub, and what it is told to change is a note.
func upgradeCase(name, script, kubectl, want string, env map[string]string) scriptCase {
	c := scriptCase{name: name, script: kubernetes + script, want: want,
		env:   map[string]string{"NAME": "w1", "WANT": "1.36.4", "TIMEOUT": "600", "SPRAY_RUN": "/var/lib/sprayc/runs/20260101T000000-ab-1"},
		files: map[string]string{"/etc/kubernetes/admin.conf": "clusters:\n- cluster:\n    server: https://api:6443\n", "/etc/kubernetes/kubelet.conf": "x\n"},
		stubs: map[string]string{"curl": ":", "kubectl": `case "$*" in
			` + kubectl + `
			*) note "kubectl $*" ;;
			esac`}}
	maps.Copy(c.env, env)
	return c
}

// A node is drained when its kubelet is another than wanted and all API servers are there
// already; what is done is not done again.
func TestDrainProbe(t *testing.T) {
	probe := func(name, node, more, want string) scriptCase {
		return upgradeCase(name, "drain.probe.sh", more+`
			*"get node w1"*) printf '`+node+`' ;;
			*" drain "*) : ;;
			*"get --raw /version") printf '{\n  "gitVersion": "v1.36.4"\n}\n' ;;`, want, map[string]string{"SERVERS": "10.0.0.1:6443 10.0.0.2:6443", "FORCE": "false"})
	}
	noAPI := probe("no API server answers", "v1.35.8", "", "blocked the API server: it does not answer")
	noAPI.stubs["curl"] = "return 7"
	noFile := probe("no control plane", "v1.35.8", "", "blocked file /etc/kubernetes/admin.conf: it is not there, so there is no API server to ask")
	noFile.files = nil
	const blocks = `*" drain w1 --dry-run=server "*"--force=false --timeout 1s")
			printf '%s\n' 'evicting pod shop/web-0 (server dry run)' 'error when evicting pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod'"'"'s disruption budget.' \
				'error when evicting pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod'"'"'s disruption budget.'
			return 1 ;;
			*"--namespace shop get pod web-0 "*) printf 'StatefulSet/web' ;;
			*"--namespace shop get poddisruptionbudgets "*) printf ' web' ;;`
	const lone = `*" drain w1 --dry-run=server "*)
			printf '%s\n' 'error: unable to drain node "w1" due to error: cannot delete Pods that declare no controller (use --force to override): default/lone, continuing command...'
			return 1 ;;`
	runInTurn(t, []scriptCase{
		noAPI, noFile,
		probe("another version", `v1.35.8 unschedulable= drained= os=`, "", "differs its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("done", `v1.36.4 unschedulable= drained= os=`, "", "ok"),
		probe("done, and cordoned", `v1.36.4 unschedulable=true drained=1.36.4 os=`, "", "ok"),
		probe("its pods are away", `v1.35.8 unschedulable=true drained=1.36.4 os=`, "", "ok"),
		probe("its pods were away, and it takes some again", `v1.35.8 unschedulable= drained=1.36.4 os=`, "", "differs its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("drained for another version", `v1.35.8 unschedulable=true drained=1.36.3 os=`, "", "differs its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("its system is to be upgraded", `v1.36.4 unschedulable= drained= os=boot:7`, "", "differs its pods are here, and its system is to be upgraded"),
		probe("its pods are away for its system", `v1.36.4 unschedulable=true drained=1.36.4 os=boot:7`, "", "ok"),
		probe("its system alone, as the API servers are behind", `v1.35.8 unschedulable= drained= os=boot:7`, `*"get --raw /version") printf '{\n  "gitVersion": "v1.35.8"\n}\n' ;;`, "differs its pods are here, and its system is to be upgraded"),
		probe("its pods are away for its system alone", `v1.35.8 unschedulable=true drained=os os=boot:7`, "", "ok"),
		probe("they were away for its system alone", `v1.35.8 unschedulable=true drained=os os=`, "", "differs its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("no such node", "", "", "fail the cluster has no node w1; sprayc run brings it in"),
		upgradeCase("a connection ends once", "drain.probe.sh", `*"get node w1"*)
			[ -e "$ROOT_OF_TEST/etc/asked" ] || { : >"$ROOT_OF_TEST/etc/asked"; return 1; }
			printf 'v1.36.4 unschedulable= drained= os=' ;;`, "ok", map[string]string{"SERVERS": "", "FORCE": "false"}),
		probe("the API says nothing", "", `*"get node w1"*) return 1 ;;`, "blocked the API server: it does not say how node w1 is"),
		probe("an API server is behind", `v1.35.8 unschedulable= drained= os=`, `*"--server https://10.0.0.2:6443 get --raw /version") printf '{\n  "gitVersion": "v1.35.8"\n}\n' ;;`,
			"blocked the API server at 10.0.0.2:6443: it has v1.35.8, not v1.36.4"),
		probe("an API server is away for a moment", `v1.35.8 unschedulable= drained= os=`, `*"--server https://10.0.0.2:6443 get --raw /version") return 1 ;;`,
			"differs its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("a pod cannot be evicted", `v1.35.8 unschedulable= drained= os=`, blocks,
			`warn w1 could not be drained now: pod shop/web-0, of StatefulSet/web, may not be evicted; disruption budgets there that let none go: web`+
				"\ndiffers its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
		probe("a pod that nobody makes anew", `v1.35.8 unschedulable= drained= os=`, lone,
			`warn w1 could not be drained now: cannot delete Pods that declare no controller (use --force to override): default/lone, continuing command...`+
				"\ndiffers its pods are here, and its kubelet has v1.35.8, not v1.36.4"),
	})
}

// The cordon is ours or somebody else's; a drain that fails takes back ours alone.
func TestDrainAct(t *testing.T) {
	const (
		kubectl = "note kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s "
		cordon  = kubectl + `patch node w1 --type merge --patch {"metadata":{"annotations":{"sprayc/cordon":"20260101T000000-ab-1"}},"spec":{"unschedulable":true}}`
		back    = kubectl + `patch node w1 --type merge --patch {"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null}},"spec":{"unschedulable":null}}`
		drained = kubectl + "annotate node w1 --overwrite sprayc/drained=1.36.4"
		failed  = `fail node w1 could not be drained within 600 s, and it takes pods as before: pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod`
	)
	act := func(name, node, drain, want string) scriptCase {
		c := upgradeCase(name, "drain.act.sh", `*"get node w1"*) printf '`+node+`' ;;
			*" drain w1 --ignore-daemonsets --delete-emptydir-data --force=true --timeout "[26]00s) `+drain+` ;;`, want, map[string]string{"FORCE": "true", "SERVERS": ""})
		// Each time that it is asked 400 s have gone.
		c.stubs["date"] = `echo asked >>"$ROOT_OF_TEST/etc/asked"; echo $((400 * $(grep -c asked "$ROOT_OF_TEST/etc/asked")))`
		c.stubs["sleep"] = ":"
		return c
	}
	const (
		stuck = `printf '%s\n' 'error when evicting pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod' 'error: unable to drain node "w1" due to error: error when evicting pods/"web-0" -n "shop": global timeout reached: 10m0s, continuing command...' more; return 1`
		// An API server goes, with the connections to it.
		broken = `printf '%s\n' 'error when evicting pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod' 'error: unable to drain node "w1" due to error: [error when evicting pods/"web-0" -n "shop": Post "https://api:8443/x": unexpected EOF], continuing command...' more; return 1`
		once   = `[ -e "$ROOT_OF_TEST/etc/broken" ] || { : >"$ROOT_OF_TEST/etc/broken"; ` + broken + `; }`
	)
	runInTurn(t, []scriptCase{
		act("it takes pods", " ", ":", cordon+"\n"+drained),
		act("it is cordoned by us", "true 20251231T235959-cd-1", ":", drained),
		act("it is cordoned by somebody else", "true ", ":", "note node w1 was cordoned by somebody else, and stays so\n"+drained),
		act("killed before it was cordoned", " 20251231T235959-cd-1", ":", cordon+"\n"+drained),
		upgradeCase("for its system alone, as the API servers are behind", "drain.act.sh", `*"get node w1"*) printf ' ' ;;
			*" drain w1 "*) : ;;
			*"--server https://10.0.0.1:6443 get --raw /version") printf '{\n  "gitVersion": "v1.35.8"\n}\n' ;;`,
			cordon+"\n"+kubectl+"annotate node w1 --overwrite sprayc/drained=os", map[string]string{"FORCE": "true", "SERVERS": "10.0.0.1:6443"}),
		act("a connection ends once", " ", `[ -e "$ROOT_OF_TEST/etc/asked" ] || { : >"$ROOT_OF_TEST/etc/asked"; printf 'error: unexpected EOF\n'; return 1; }`, cordon+"\n"+drained),
		act("a pod cannot be evicted", " ", stuck, cordon+"\n"+back+"\n"+failed),
		act("a pod cannot be evicted, cordoned by us", "true 20251231T235959-cd-1", stuck, back+"\n"+failed),
		act("a pod cannot be evicted, cordoned by somebody else", "true ", stuck, "note node w1 was cordoned by somebody else, and stays so\nfail node w1 could not be drained within 600 s, and it stays cordoned as it was: pods/\"web-0\" -n \"shop\" (will retry after 5s): Cannot evict pod"),
		act("the API server goes once", " ", once, cordon+"\n"+drained),
		act("all API servers go", " ", broken, cordon+"\n"+back+"\nfail node w1 could not be drained, and it takes pods as before: [error when evicting pods/\"web-0\" -n \"shop\": Post \"https://api:8443/x\": unexpected EOF], continuing command..."),
		act("a pod that nobody makes anew", " ", `printf '%s\n' 'error: unable to drain node "w1" due to error: cannot delete Pods that declare no controller (use --force to override): default/lone, continuing command...'; return 1`,
			cordon+"\n"+back+"\nfail node w1 could not be drained, and it takes pods as before: cannot delete Pods that declare no controller (use --force to override): default/lone, continuing command..."),
	})
}

// A node takes pods again when its kubelet is the wanted one, unless it took none before.
func TestUncordon(t *testing.T) {
	const kubectl = "note kubectl --cache-dir /run/sprayc/kubectl "
	probe := func(name, node, want string) scriptCase {
		return upgradeCase(name, "uncordon.probe.sh", `*"get node w1"*) printf '`+node+`' ;;`, want, nil)
	}
	act := func(name, cordon, ready, want string) scriptCase {
		return upgradeCase(name, "uncordon.act.sh", `*"get node w1"*) printf '`+cordon+`' ;;
			*" wait --for=condition=Ready --timeout 600s node/w1") `+ready+` ;;`, want, nil)
	}
	runInTurn(t, []scriptCase{
		probe("as it is to be", "v1.36.4 cordon= drained= os=", "ok"),
		probe("cordoned", "v1.36.4 cordon=20260101T000000-ab-1 drained=1.36.4 os=", "differs it takes no pods since run 20260101T000000-ab-1"),
		probe("cordoned by somebody else, and drained by us", "v1.36.4 cordon= drained=1.36.4 os=", "differs a note that it is drained is left over"),
		probe("another version", "v1.35.8 cordon=20260101T000000-ab-1 drained=1.36.4 os=", "blocked the kubelet: it has v1.35.8, not v1.36.4"),
		probe("its system is upgraded", "v1.36.4 cordon=20260101T000000-ab-1 drained=1.36.4 os=boot:7", "differs it takes no pods since run 20260101T000000-ab-1"),
		probe("its system alone is", "v1.35.8 cordon=20260101T000000-ab-1 drained=os os=boot:7", "differs it takes no pods since run 20260101T000000-ab-1"),
		probe("only noted", "v1.36.4 cordon= drained= os=boot:7", "differs a note that its system is to be upgraded is left over"),
		act("our cordon", "20260101T000000-ab-1", ":", kubectl+`--request-timeout 20s patch node w1 --type merge --patch {"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null,"sprayc/os":null}},"spec":{"unschedulable":null}}`),
		act("somebody else's", "", ":", kubectl+`--request-timeout 20s patch node w1 --type merge --patch {"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null,"sprayc/os":null}}}`),
		upgradeCase("a connection ends once", "uncordon.act.sh", `*"get node w1"*)
			[ -e "$ROOT_OF_TEST/etc/asked" ] || { : >"$ROOT_OF_TEST/etc/asked"; return 1; }
			printf 20260101T000000-ab-1 ;;
			*" wait "*) : ;;`, kubectl+`--request-timeout 20s patch node w1 --type merge --patch {"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null,"sprayc/os":null}},"spec":{"unschedulable":null}}`, nil),
		upgradeCase("a connection ends once, and it is asked again", "uncordon.probe.sh", `*"get node w1"*)
			[ -e "$ROOT_OF_TEST/etc/asked" ] || { : >"$ROOT_OF_TEST/etc/asked"; return 1; }
			printf 'v1.36.4 cordon= drained= os=' ;;`, "ok", nil),
		act("not Ready", "20260101T000000-ab-1", "return 1", "fail node w1 is not Ready within 600 s, and stays cordoned; kubectl describe node w1 says why"),
	})
}

// A node says that its system is to be upgraded, in the boot in which that was announced.
func TestHostDue(t *testing.T) {
	due := func(name, script, node, want string) scriptCase {
		c := upgradeCase(name, script, node, want, map[string]string{"FILE": "/run/upgrades.system"})
		c.files["/etc/kubernetes/kubelet.conf"] = c.files["/etc/kubernetes/admin.conf"]
		c.files["/run/upgrades.system"] = "boot:7\n"
		return c
	}
	nothing := due("nothing is announced", "host-due.probe.sh", "x) ;;", "ok")
	delete(nothing.files, "/run/upgrades.system")
	stranger := due("in no cluster", "host-due.probe.sh", "x) ;;", "blocked kubeadm: this host is in no cluster")
	delete(stranger.files, "/etc/kubernetes/kubelet.conf")
	const annotate = "note kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s annotate node w1 --overwrite sprayc/os=boot:7"
	runInTurn(t, []scriptCase{
		nothing, stranger,
		due("not known yet", "host-due.probe.sh", `*"get node w1"*) : ;;`, "differs its system is to be upgraded, and the cluster does not know it\nok"),
		due("known of an earlier one", "host-due.probe.sh", `*"get node w1"*) printf boot:6 ;;`, "differs its system is to be upgraded, and the cluster does not know it\nok"),
		due("known", "host-due.probe.sh", `*"get node w1"*) printf boot:7 ;;`, "ok"),
		due("the API says nothing", "host-due.probe.sh", `*"get node w1"*) return 1 ;;`, "blocked the API server: it does not say how node w1 is"),
		due("noted", "host-due.act.sh", "x) ;;", annotate),
		due("a connection ends once", "host-due.act.sh", `*annotate*) [ -e "$ROOT_OF_TEST/etc/asked" ] || { : >"$ROOT_OF_TEST/etc/asked"; return 1; }; note "kubectl $*" ;;`, annotate),
	})
}

// The host is back when its node is Ready and tells the boot that the kernel tells, and, on a
// control plane, its API server is ready.
func TestHostBack(t *testing.T) {
	back := func(name, node, curl, want string) scriptCase {
		c := upgradeCase(name, "host-back.sh", `*"get node w1"*) printf '`+node+`' ;;`, want, map[string]string{"FILE": "/run/upgrades.system", "API": "10.0.0.1:6443"})
		c.files["/etc/kubernetes/kubelet.conf"] = c.files["/etc/kubernetes/admin.conf"]
		c.files["/run/upgrades.system"] = "boot:7\n"
		c.files["/proc/sys/kernel/random/boot_id"] = "new\n"
		c.stubs["curl"] = curl
		return c
	}
	nothing := back("nothing is announced", "", ":", "ok")
	delete(nothing.files, "/run/upgrades.system")
	runInTurn(t, []scriptCase{
		nothing,
		back("back", "new True", ":", "ok"),
		back("the cluster knows the boot before", "old True", ":", "differs the cluster knows node w1 in boot old, and it is in boot new; journalctl -u kubelet.service says why"),
		back("not Ready", "new False", ":", "differs node w1 is not Ready; kubectl describe node w1 says why"),
		back("its API server is not ready", "new True", `case "$*" in *10.0.0.1*) return 22 ;; esac`, "differs the API server at 10.0.0.1:6443 is not ready; crictl ps, and journalctl -u kubelet.service, say why"),
	})
}

// kubeadm of the new version makes the kubelet's files once; a node that joined with that
// version has them.
func TestNodeDocuments(t *testing.T) {
	probe := func(name, note, running, want string) scriptCase {
		c := scriptCase{name: name, script: kubernetes + "node-documents.probe.sh", want: want,
			env:   map[string]string{"FOLDER": "/etc/kubernetes/kubeadm", "WANT": "1.36.4"},
			files: map[string]string{"/proc/77/exe": "#!/bin/sh\necho Kubernetes v" + running + "\n"}, stubs: map[string]string{"systemctl": "echo 77"}}
		if note != "" {
			c.files["/etc/kubernetes/kubeadm/node"] = note + "\n"
		}
		return c
	}
	act := func(name, kubeadm, want string) scriptCase {
		return scriptCase{name: name, script: kubernetes + "node-documents.act.sh", want: want, env: map[string]string{"FOLDER": "/etc/kubernetes/kubeadm", "WANT": "1.36.4"},
			files: map[string]string{"/etc/kubernetes/kubeadm/x": ""}, stubs: map[string]string{"kubeadm": kubeadm, "mv": `note "mv $3"; command mv "$@"`}}
	}
	runInTurn(t, []scriptCase{
		probe("never done", "", "1.35.8", "differs the kubelet's files are not of v1.36.4\nok"),
		probe("done for another version", "1.36.3", "1.36.3", "differs the kubelet's files are not of v1.36.4\nok"),
		probe("done", "1.36.4", "1.35.8", "ok"),
		probe("joined with it", "", "1.36.4", "ok"),
		act("it is done", `note "kubeadm $*"`, "note kubeadm upgrade node phase kubelet-config\nnote kubeadm upgrade node phase post-upgrade\nnote mv /etc/kubernetes/kubeadm/node"),
		act("kubeadm fails", "return 1", "fail kubeadm does not write the kubelet's configuration; the log says why"),
	})
}

// An API server that is away for a moment is waited for.
func TestAPIAnswers(t *testing.T) {
	ask := func(name, curl, want string) scriptCase {
		c := upgradeCase(name, "api-answers.sh", "none) ;;", want, nil)
		c.stubs["curl"] = curl
		return c
	}
	nobody := ask("no control plane", ":", "blocked file /etc/kubernetes/admin.conf: it is not there, so there is no API server to ask")
	delete(nobody.files, "/etc/kubernetes/admin.conf")
	runInTurn(t, []scriptCase{
		nobody,
		ask("it answers", ":", "ok"),
		ask("it does not", "return 7", "differs the API server does not answer"),
	})
}

// etcd's state is kept once before the first control plane is another.
func TestSnapshotProbe(t *testing.T) {
	probe := func(name, version, want string, files map[string]string) scriptCase {
		c := upgradeCase(name, "snapshot.probe.sh", `*"--server https://10.0.0.1:6443 get --raw /version") printf '{\n  "gitVersion": "v`+version+`"\n}\n' ;;`, want,
			map[string]string{"FOLDER": "/etc/snapshots", "API": "10.0.0.1:6443", "DATA": "/etc/etcd"})
		c.stubs["date"] = "echo 1000000"
		maps.Copy(c.files, files)
		return c
	}
	kept := map[string]string{"/etc/snapshots/before-1.36.4.db": "x"}
	fresh := probe("a fresh one", "1.35.8", "present", kept)
	fresh.stubs["stat"] = "echo 999000"
	old := probe("an old one", "1.35.8", "absent the snapshot of etcd is 2 h old", kept)
	old.stubs["stat"] = "echo 990000"
	away := probe("the API server does not answer", "1.35.8", "absent there is no snapshot of etcd", nil)
	away.stubs["curl"] = "return 7"
	nobody := probe("no control plane", "1.35.8", "fail this host is no control plane yet; sprayc run makes it one", nil)
	delete(nobody.files, "/etc/kubernetes/admin.conf")
	runInTurn(t, []scriptCase{
		fresh, old, away, nobody,
		probe("none", "1.35.8", "absent there is no snapshot of etcd", nil),
		probe("the upgrade has begun", "1.36.4", "present", nil),
	})
}

// What a member sent ends with its digest; another end is no snapshot.
func TestSnapshotAct(t *testing.T) {
	const digest = `printf '%s' snapshot | sha256sum | awk '{ for (i = 1; i < 65; i += 2) printf "\\%03o", (index("0123456789abcdef", substr($1, i, 1)) - 1) * 16 + index("0123456789abcdef", substr($1, i + 1, 1)) - 1 }'`
	act := func(name, end, want string) scriptCase {
		return upgradeCase(name, "snapshot.act.sh", `*" snapshot save $DATA/.sprayc-snapshot.db")
				{ printf '%s' snapshot; printf "$(`+end+`)"; } >"$DATA/.sprayc-snapshot.db" ;;
			*" snapshot status $DATA/.sprayc-snapshot.db "*) echo ab, 7, 12, 20 kB ;;`, want,
			map[string]string{"FOLDER": "/run/snapshots", "API": "10.0.0.1:6443", "DATA": "/run/etcd"})
	}
	there := func(c scriptCase) scriptCase {
		c.files["/run/etcd/member"] = ""
		return c
	}
	runInTurn(t, []scriptCase{
		there(act("whole", digest, "note etcd as it is now is kept on w1 in /run/snapshots/before-1.36.4.db: hash, revision, keys, size: ab, 7, 12, 20 kB")),
		there(act("torn", `printf '%032d' 0`, "fail the snapshot is not what etcd sent: its digest is 16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112, not 3030303030303030303030303030303030303030303030303030303030303030")),
	})
}

// Budgets that let no pod go hold up an upgrade that has not begun.
func TestBudgets(t *testing.T) {
	probe := func(name, version, budgets, want string) scriptCase {
		return upgradeCase(name, "budgets.sh", `*"--server https://10.0.0.1:6443 get --raw /version") `+version+` ;;
			*" get poddisruptionbudgets --all-namespaces "*) `+budgets+` ;;`, want, map[string]string{"ADDRESS": "10.0.0.1:6443"})
	}
	const old, is = `printf '{\n  "gitVersion": "v1.35.8"\n}\n'`, `printf '{\n  "gitVersion": "v1.36.4"\n}\n'`
	runInTurn(t, []scriptCase{
		probe("none", old, ":", "ok"),
		probe("none that has pods", old, `printf 'shop/old 0 0 1\n'`, "ok"),
		probe("two", old, `printf 'shop/web 3 3 3\nshop/old 0 0 1\nbank/db 2 1 1\n'`,
			"differs no node could be drained, as disruption budgets let no pod go: shop/web: 3 of its 3 pods are well, and 3 must be; bank/db: 1 of its 2 pods are well, and 1 must be\nok"),
		probe("begun", is, `printf 'shop/web 3 3 3\n'`, "ok"),
		probe("no API server", "return 1", ":", "blocked the API server at 10.0.0.1:6443: it does not answer"),
		probe("it does not tell them", old, "return 1", "blocked the API server at 10.0.0.1:6443: it does not tell the disruption budgets"),
	})
}
