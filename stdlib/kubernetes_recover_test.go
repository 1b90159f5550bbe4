package stdlib_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/stdlib"
)

// answering is a curl for which the members at some addresses answer, with true or false.
func answering(healthy map[string]string) string {
	text := `case "$*" in
*"--data {} "*/v3/maintenance/status) printf '{"header":{"cluster_id":"1","revision":"4711","raft_term":"3"},"leader":"0"}' ;;
`
	for _, at := range sortedNames(healthy) {
		text += `*" https://` + at + `:2379/health") printf '{"health":"` + healthy[at] + `","reason":""}' ;;
`
	}
	return text + `*) return 7 ;;
esac`
}

// A quorum that is lost is given up only by the one member that is to stay, and only where no
// other has it.
func TestQuorumProbe(t *testing.T) {
	probe := func(name string, healthy map[string]string, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: kubernetes + "quorum.probe.sh", want: want,
			env: map[string]string{"DATA": "/etc/data", "SAVED": "/run/saved", "URL": "https://10.0.0.1:2379", "CA": "ca", "CERT": "crt", "KEY": "key", "STAYS": "1",
				"OTHERS": "https://10.0.0.2:2379 https://10.0.0.21:2379", "TIMEOUT": "300"},
			files: map[string]string{"/etc/data/member/wal/0.wal": "x"},
			stubs: map[string]string{"curl": answering(healthy), "sleep": ":"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	lost := map[string]string{"10.0.0.1": "false"}
	runInTurn(t, []scriptCase{
		probe("it is there", map[string]string{"10.0.0.1": "true"}, "ok", nil),
		probe("it is lost", lost, "differs etcd has lost its quorum: the member here goes on alone, with its data of revision 4711", nil),
		probe("nobody answers", nil, "differs etcd has lost its quorum: the member here goes on alone, with its data of revision 4711", nil),
		probe("others are there, and have none either", map[string]string{"10.0.0.1": "false", "10.0.0.21": "false"},
			"differs etcd has lost its quorum: the member here goes on alone, with its data of revision 4711", nil),
		probe("others have it", map[string]string{"10.0.0.1": "false", "10.0.0.21": "true"},
			"fail the member here has no quorum, and the one at https://10.0.0.21:2379 has: it is this host that is lost, not that one", nil),
		probe("more than one stay", lost,
			"fail etcd has lost its quorum, and 2 hosts with members stay: declare all of them absent but one, the one that etcd is to go on from; the others come back by sprayc run",
			func(c *scriptCase) { c.env["STAYS"] = "2" }),
		probe("no data", lost, "fail etcd has lost its quorum, and /etc/data has no data of it: sprayc restore makes the cluster anew from a backup",
			func(c *scriptCase) { c.files = nil }),
		probe("begun", map[string]string{"10.0.0.1": "true"}, "differs it has begun to go on alone, and is not done",
			func(c *scriptCase) { c.files["/run/saved/etcd.yaml"] = "x" }),
	})
}

// A manifest of etcd's, as kubeadm writes it.
const etcdManifest = `apiVersion: v1
metadata:
  name: etcd
spec:
  containers:
  - command:
    - etcd
    - --name=cp1
    name: etcd
`

// The member starts alone once, with a copy of its data kept, and then as it did before.
func TestQuorumAct(t *testing.T) {
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: kubernetes + "quorum.act.sh", want: want,
			env: map[string]string{"DATA": "/etc/data", "SAVED": "/run/saved", "URL": "https://10.0.0.1:2379", "CA": "ca", "CERT": "crt", "KEY": "key", "STAYS": "1",
				"OTHERS": "", "TIMEOUT": "3"},
			files: map[string]string{"/etc/kubernetes/manifests/etcd.yaml": etcdManifest, "/etc/data/member/wal/0.wal": "x"},
			// It serves when it has been asked twice, and then what starts it is told.
			stubs: map[string]string{"date": "printf now", "sleep": ": >\"$ROOT_OF_TEST/etc/asked\"", "curl": `if [ -e "$ROOT_OF_TEST/etc/asked" ]; then
rm -f "$ROOT_OF_TEST/etc/asked"
printf '{"health":"true"}'
{ grep -e force "$ROOT_OF_TEST/etc/kubernetes/manifests/etcd.yaml" || printf 'as before\n'; ls -d "$ROOT_OF_TEST"/etc/data.* 2>/dev/null; } | sed "s|$ROOT_OF_TEST||; s/^/note /" >&3
fi`}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const whole = "note     - --force-new-cluster=true\nnote /etc/data.before-recovery\nnote as before\nnote /etc/data.before-recovery\nnote kept: the data of etcd as they were are in /etc/data.kept-now"
	begun := func(more ...string) func(c *scriptCase) {
		return func(c *scriptCase) {
			c.files["/run/saved/etcd.yaml"] = etcdManifest
			for _, file := range more {
				c.files[file] = "x"
			}
		}
	}
	runInTurn(t, []scriptCase{
		act("at once", whole, nil),
		act("killed with the manifest kept", whole, begun()),
		act("killed without a manifest", whole, func(c *scriptCase) {
			begun()(c)
			delete(c.files, "/etc/kubernetes/manifests/etcd.yaml")
			c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = "x"
		}),
		act("killed while it copies", whole, begun("/etc/data.before-recovery.new/wal/0.wal")),
		act("killed while it is alone", whole, func(c *scriptCase) {
			begun("/etc/data.before-recovery/wal/0.wal")(c)
			c.files["/etc/kubernetes/manifests/etcd.yaml"] = strings.Replace(etcdManifest, "- etcd\n", "- etcd\n    - --force-new-cluster=true\n", 1)
		}),
		act("killed when it has been alone", "note as before\nnote /etc/data.before-recovery\nnote kept: the data of etcd as they were are in /etc/data.kept-now",
			begun("/etc/data.before-recovery/wal/0.wal", "/run/saved/alone")),
		act("killed at its end", "note as before", begun("/run/saved/alone")),
		act("it does not end", "fail etcd does not end after 3 s; look at: journalctl -u kubelet.service", func(c *scriptCase) {
			c.files["/proc/7/stat"] = "7 (etcd) S 1\n"
		}),
		act("it does not serve", "fail etcd does not serve after 3 s; look at: journalctl -u kubelet.service; its data as they were are in /etc/data.before-recovery", func(c *scriptCase) {
			c.stubs["curl"] = "return 7"
		}),
		act("a manifest of others", "fail /run/saved/etcd.yaml does not start etcd as kubeadm has it", func(c *scriptCase) {
			c.files["/etc/kubernetes/manifests/etcd.yaml"] = "spec: {}\n"
		}),
		act("the disk is full", "fail cannot keep a copy of /etc/data/member in /etc/data.before-recovery.new", func(c *scriptCase) {
			c.stubs["cp"] = "return 1"
			c.stubs["fail"] = `printf 'fail %s\n' "$1" >&3; cmp -s "$ROOT_OF_TEST/run/saved/etcd.yaml" "$ROOT_OF_TEST/etc/kubernetes/manifests/etcd.yaml" || printf 'no manifest\n' >&3; exit 1`
		}),
	})
}

// The same on hosts of etcd's own, where systemd starts it.
func TestQuorumActHosts(t *testing.T) {
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/etcd-hosts/quorum.act.sh", want: want,
			env: map[string]string{"DATA": "/etc/data", "SAVED": "/run/saved", "URL": "https://10.0.0.1:2379", "CA": "ca", "CERT": "crt", "KEY": "key", "STAYS": "1",
				"OTHERS": "", "TIMEOUT": "3", "UNIT": "etcd.service"},
			files: map[string]string{"/etc/data/member/wal/0.wal": "x"},
			stubs: maps.Clone(heard("systemctl"))}
		c.stubs["date"], c.stubs["sleep"], c.stubs["curl"] = "printf now", ":", `printf '{"health":"true"}'
[ ! -e "$ROOT_OF_TEST/run/systemd/system/etcd.service.d/sprayc-alone.conf" ] || sed 's/^/note /' "$ROOT_OF_TEST/run/systemd/system/etcd.service.d/sprayc-alone.conf" >&3`
		if change != nil {
			change(&c)
		}
		return c
	}
	const started = "systemctl daemon-reload\nsystemctl reset-failed etcd.service\nsystemctl start etcd.service\n"
	const whole = "systemctl stop etcd.service\n" + started + "note [Service]\nnote Environment=ETCD_FORCE_NEW_CLUSTER=true\nsystemctl stop etcd.service\n" + started + "note kept: the data of etcd as they were are in /etc/data.kept-now"
	runInTurn(t, []scriptCase{
		act("at once", whole, nil),
		act("killed while it is alone", whole, func(c *scriptCase) {
			c.files["/etc/data.before-recovery/wal/0.wal"] = "x"
			c.files["/run/systemd/system/etcd.service.d/sprayc-alone.conf"] = "[Service]\n"
			c.files["/run/saved/other"] = ""
		}),
		act("killed when it has been alone", "systemctl stop etcd.service\n"+started+"note kept: the data of etcd as they were are in /etc/data.kept-now", func(c *scriptCase) {
			c.files["/etc/data.before-recovery/wal/0.wal"] = "x"
			c.files["/run/systemd/system/etcd.service.d/sprayc-alone.conf"] = "[Service]\n"
			c.files["/run/saved/alone"] = ""
		}),
		act("the disk is full", "systemctl stop etcd.service\nsystemctl start --no-block etcd.service\nfail cannot keep a copy of /etc/data/member in /etc/data.before-recovery.new", func(c *scriptCase) {
			c.stubs["cp"] = "return 1"
		}),
	})
}

// An API server that has not found etcd again is started anew.
func TestServes(t *testing.T) {
	env := map[string]string{"ADDRESS": "10.0.0.1:6443", "TIMEOUT": "2"}
	curl := func(end string) map[string]string {
		stubs := maps.Clone(heard("systemctl"))
		stubs["sleep"], stubs["curl"] = ":", `case "$*" in *" --fail "*" https://10.0.0.1:6443/readyz") return `+end+` ;; esac
return 9`
		return stubs
	}
	runInTurn(t, []scriptCase{
		{name: "it serves", script: kubernetes + "serves.probe.sh", env: env, stubs: curl("0"), want: "ok"},
		{name: "it does not", script: kubernetes + "serves.probe.sh", env: env, stubs: curl("22"), want: "differs the API server at 10.0.0.1:6443 does not serve\nok"},
		{name: "it comes back", script: kubernetes + "serves.act.sh", env: env, stubs: curl("0"), want: "systemctl restart kubelet.service"},
		{name: "it does not come back", script: kubernetes + "serves.act.sh", env: env, stubs: curl("22"),
			want: "systemctl restart kubelet.service\nfail the API server at 10.0.0.1:6443 does not serve after 2 s; look at: journalctl -u kubelet.service"},
	})
	pod := func(name, ready, want string) scriptCase {
		return upgradeCase(name, "etcd-pod.sh", `*" get pod etcd-w1 "*) `+ready+` ;;`, want, nil)
	}
	runInTurn(t, []scriptCase{
		pod("ready", "printf True", "ok"),
		pod("not yet", "printf False", "differs the pod etcd-w1 is not ready\nok"),
		pod("no answer", "return 1", "differs the pod etcd-w1 is not ready\nok"),
	})
}

// etcd on hosts of its own asks as that of control planes does.
func TestQuorumAlike(t *testing.T) {
	body := func(file string) string {
		text, err := stdlib.FS.ReadFile("modules/" + file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(text), "\nask() {")
		if !found || len(rest) < 1000 {
			t.Fatalf("%s asks nothing", file)
		}
		return rest
	}
	if diff := cmp.Diff(body("kubernetes/quorum.probe.sh"), body("etcd-hosts/quorum.probe.sh")); diff != "" {
		t.Error(diff)
	}
}
