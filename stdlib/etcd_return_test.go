package stdlib_test

import "testing"

// etcdOfHosts answers as members do, of which the first is down: run/members has a line ID NAME
// PEER LEARNER of each, a name that is - before it has started.
const etcdOfHosts = `(
	url='' body=''
	while [ $# -gt 0 ]; do
		case $1 in
		--data) body=$2 ;;
		https://*) url=$1 ;;
		esac
		shift
	done
	m=$ROOT_OF_TEST/run/members
	case $url in
	https://10.0.2.1:*) exit 7 ;;
	*/member/list)
		printf '{"header":{"cluster_id":"9"},"members":['
		between=''
		while read -r id name peer learner; do
			printf '%s{"ID":"%s",' "$between" "$id"
			[ "$name" = - ] || printf '"name":"%s",' "$name"
			printf '"peerURLs":["%s"]' "$peer"
			[ "$name" = - ] || printf ',"clientURLs":["https://x:2379"]'
			[ "$learner" = no ] || printf ',"isLearner":true'
			printf '}'
			between=,
		done <"$m"
		printf ']}'
		exit 0
		;;
	*/health)
		printf '{"health":"true"}'
		exit 0
		;;
	*/add) sed '$a\
77 - https://10.0.0.1:2380 yes' "$m" >"$m.new" ;;
	*/promote) sed 's/ yes$/ no/' "$m" >"$m.new" ;;
	*/remove) grep -v '10.0.0.1:2380' "$m" >"$m.new" ;;
	esac
	printf '%s %s\n' "${url##*/}" "$body" >&3
	cat "$m.new" >"$m"
)`

// A member joins by its exact peer URL, and what was broken off goes on where it was.
func TestEtcdReturns(t *testing.T) {
	const others = "5 w1 https://10.0.2.1:2380 no\n6 w2 https://10.0.2.2:2380 no\n"
	const begun, wal, old = "/run/joining", "/run/etcd/member/wal/0.wal", "/etc/kubernetes/manifests/.x"
	const add = `add {"peerURLs":["https://10.0.0.1:2380"],"isLearner":true}` + "\n"
	const manifest = "    - etcd\n    - --initial-cluster=w1=https://10.0.2.1:2380,w2=https://10.0.2.2:2380,cp1=https://10.0.0.1:2380\n    - --initial-cluster-state=existing\n    - --name=cp1\n"
	const promote = `promote {"ID":"77"}`
	act := func(name, members, want string, files map[string]string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/etcd-member.act.sh", want: want,
			env:   map[string]string{"CONFIG": "init.yaml", "DATA": "/run/etcd", "BEGUN": begun, "NAME": "cp1", "PEER": "https://10.0.0.1:2380", "ENDPOINTS": "https://10.0.2.1:2379 https://10.0.2.2:2379", "TIMEOUT": "2"},
			files: map[string]string{"/run/members": members, old: ""},
			stubs: map[string]string{"curl": etcdOfHosts, "sleep": ":",
				"kubeadm": `printf '    - etcd\n    - --initial-cluster=cp1=https://10.0.0.1:2380\n    - --name=cp1\n' >"$KUBEADM_INIT_DRYRUN_DIR/etcd.yaml"`,
				// The kubelet starts it.
				"mv": `command mv "$@"; cat "$3" >&3; sed 's/^77 - /77 cp1 /' "$ROOT_OF_TEST/run/members" >"$ROOT_OF_TEST/run/m.new"; cat "$ROOT_OF_TEST/run/m.new" >"$ROOT_OF_TEST/run/members"; mkdir -p "$DATA/member/wal"`}}
		for path, text := range files {
			c.files[path] = text
		}
		return c
	}
	const learner, unstarted, started = "77 cp1 https://10.0.0.1:2380 yes\n", "77 - https://10.0.0.1:2380 yes\n", "77 cp1 https://10.0.0.1:2380 no\n"
	deaf := act("nobody answers", others, "fail no member of etcd answers, of https://10.0.2.1:2379 https://10.0.2.2:2379", nil)
	deaf.stubs["curl"] = "return 7"
	lazy := act("it does not start", others+unstarted, "fail member 77 cannot be promoted: it does not start, or does not catch up; look at: journalctl -u kubelet.service", map[string]string{begun: "x", wal: ""})
	runCases(t, []scriptCase{
		act("new", others, add+manifest+promote, nil),
		act("killed when it was added", others+unstarted, manifest+promote, nil),
		act("killed before it had data", others+unstarted, manifest+promote, map[string]string{begun: "x", "/etc/kubernetes/manifests/etcd.yaml": "old"}),
		act("killed when it had", others+learner, promote, map[string]string{begun: "x", wal: ""}),
		act("killed when it voted", others+started, "", map[string]string{begun: "x", wal: ""}),
		act("it has lost its data", others+started, `remove {"ID":"77"}`+"\nnote member 77 has lost its data, and joins anew\n"+add+manifest+promote, map[string]string{begun: "x"}),
		act("another's address begins so", others+"8 cp11 https://10.0.0.1:23800 no\n", add+"    - etcd\n    - --initial-cluster=w1=https://10.0.2.1:2380,w2=https://10.0.2.2:2380,cp11=https://10.0.0.1:23800,cp1=https://10.0.0.1:2380\n    - --initial-cluster-state=existing\n    - --name=cp1\n"+promote, nil),
		act("somebody's data", others, "fail /run/etcd/member is there, and of no member that runs: move it away", map[string]string{wal: ""}),
		act("it was removed", others, "fail the cluster has no member with the peer URL https://10.0.0.1:2380, but /run/etcd is of one: it was removed; move /run/etcd/member away", map[string]string{begun: "x", wal: ""}),
		deaf, lazy,
	})
	probe := func(name, want string, files ...string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/etcd-member.probe.sh", want: want, env: deaf.env, files: map[string]string{"/etc/kubernetes/x": ""}}
		for _, file := range files {
			c.files[file] = ""
		}
		return c
	}
	const api, etcd = "/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/kubernetes/manifests/etcd.yaml"
	runInTurn(t, []scriptCase{
		probe("no control plane", "blocked kubeadm: this host is no control plane yet; sprayc run makes it one"),
		probe("none yet", "differs has no member of etcd yet\nok", api),
		probe("a learner", "differs has not been promoted to a member that votes\nok", api, etcd, begun),
		probe("a member", "ok", api, etcd),
	})
}

// Keys are of the CA that there is, and whole.
func TestEtcdKeys(t *testing.T) {
	const pki = "/etc/kubernetes/pki/"
	keys := func(name, want string, files map[string]string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/etcd-keys.act.sh", want: want, env: map[string]string{"CA": "/run/ca", "CONFIG": "init.yaml"},
			files: map[string]string{"/run/ca": "Q1JU S0VZ"},
			stubs: map[string]string{"kubeadm": `printf '%s %s\n' "$4" "$(cat "$ROOT_OF_TEST/etc/kubernetes/pki/etcd/ca.crt" "$ROOT_OF_TEST/etc/kubernetes/pki/etcd/ca.key")" >&3`}}
		for path, text := range files {
			c.files[path] = text
		}
		return c
	}
	runInTurn(t, []scriptCase{
		keys("none", "etcd-server CRTKEY\netcd-peer CRTKEY\netcd-healthcheck-client CRTKEY\napiserver-etcd-client CRTKEY", nil),
		keys("half", "etcd-peer ab\napiserver-etcd-client ab", map[string]string{pki + "etcd/ca.crt": "a", pki + "etcd/ca.key": "b", pki + "etcd/server.crt": "c", pki + "etcd/server.key": "c",
			pki + "etcd/peer.key": "c", pki + "etcd/healthcheck-client.crt": "c", pki + "etcd/healthcheck-client.key": "c"}),
		{name: "asked", script: "modules/kubernetes/etcd-keys.probe.sh", env: map[string]string{"CA": "", "CONFIG": ""}, want: "differs there is no whole certificate /etc/kubernetes/pki/etcd/peer.crt\nok",
			files: map[string]string{pki + "etcd/ca.crt": "a", pki + "etcd/ca.key": "b", pki + "etcd/server.crt": "c", pki + "etcd/server.key": "c", pki + "etcd/peer.key": "c",
				pki + "etcd/healthcheck-client.crt": "c", pki + "etcd/healthcheck-client.key": "c", pki + "apiserver-etcd-client.crt": "c", pki + "apiserver-etcd-client.key": "c"}},
	})
}

// unitStates answers as systemctl does of units that are so, and tells which one is stopped.
func unitStates(active, file string) string {
	return `case $1:$2 in
show:--property=ActiveState) echo ` + active + ` ;;
show:--property=UnitFileState) echo ` + file + ` ;;
*) printf 'systemctl %s\n' "$*" >&3 ;;
esac`
}

// left is a host whose member has left etcd.
func left() killedCase {
	return killedCase{"a host that etcd has left", "kubernetes/etcd-away.probe.sh", "kubernetes/etcd-away.act.sh",
		map[string]string{"UNITS": "etcd.service etcd-events.service", "DATA": "/run/etcd", "PEER": "https://10.0.2.1:2380", "SERVERS": "https://10.0.0.1:2379"},
		map[string]string{"/run/etcd/member/snap/db": "db", "/etc/etcd/pki/ca.crt": "crt", "/etc/etcd/pki/ca.key": "key", "/etc/etcd/pki/client.crt": "c", "/etc/etcd/pki/client.key": "c"},
		map[string]string{"date": "printf DATE", "chown": ":", "systemctl": unitStates("inactive", "disabled"),
			"curl": `for file in ca.crt client.crt client.key; do [ -e "$ROOT_OF_TEST/etc/etcd/pki/$file" ] || return 58; done
printf '%s' '{"members":[{"ID":"1","peerURLs":["https://10.0.0.1:2380"]}]}'`}}
}

// The member that has left ends and starts no more, and one that has not is left alone.
func TestEtcdAway(t *testing.T) {
	const kept = "note kept: the data of etcd as they were here, with its keys, are in /run/etcd.kept-DATE"
	const stopped = "systemctl disable --now etcd.service\nsystemctl disable --now etcd-events.service\n"
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		k := left()
		c := scriptCase{name: name, script: "modules/" + k.act, want: want, env: k.env, files: k.files, stubs: k.stubs}
		if c.want == "" {
			c.want = stopped + kept
		}
		if change != nil {
			change(&c)
		}
		return c
	}
	probe := func(name, want string, systemctl string) scriptCase {
		return act(name, want, func(c *scriptCase) {
			c.script, c.files = "modules/kubernetes/etcd-away.probe.sh", map[string]string{"/etc/etcd/pki/client.key": ""}
			c.stubs["systemctl"] = systemctl
		})
	}
	state := func(active, file string) func(c *scriptCase) {
		return func(c *scriptCase) { c.stubs["systemctl"] = unitStates(active, file) }
	}
	settings := func(folder string) func(c *scriptCase) {
		return func(c *scriptCase) {
			c.files["/etc/etcd/etcd.env"] = "ETCD_DATA_DIR=" + folder + "\n"
			// The folder of the data is one of the test's.
			c.stubs["grep"] = `[ "$1 $3" = "-qxF ETCD_DATA_DIR=$DATA" ] && command grep -qxF -e ETCD_DATA_DIR=/run/etcd "$4"`
		}
	}
	const unknown = "fail systemctl cannot say whether etcd.service runs"
	runInTurn(t, []scriptCase{
		act("it is put away", "", state("active", "enabled")),
		act("it only starts at boot", "", state("inactive", "enabled")),
		act("it starts anew by itself", "", state("activating", "disabled")),
		act("it has ended", kept, state("failed", "disabled")),
		act("nobody knows whether it runs", unknown, func(c *scriptCase) { c.stubs["systemctl"] = "return 1" }),
		act("its data are where they are said to be", kept, settings("/run/etcd")),
		act("its data are elsewhere", "fail the member here has its data elsewhere than in /run/etcd: write its folder as hosts_data_dir in the kubernetes block", settings("/run/etcd2")),
		act("there is no room", "note rm\nfail cannot put /run/etcd/member aside to /run/etcd.kept: is there room for it?", func(c *scriptCase) {
			c.stubs["stat"], c.stubs["rm"] = `echo "$3"`, `case $2 in */.member) [ ! -e "$2" ] || note rm ;; esac; command rm "$@"`
			c.stubs["cp"] = `case $2 in */member) mkdir "$3" && return 1 ;; esac; command cp "$@"`
		}),
		act("it is a member", "fail etcd still has the member at https://10.0.2.1:2380", func(c *scriptCase) {
			c.stubs["curl"] = `printf '%s' '{"members":[{"ID":"1","peerURLs":["https://10.0.2.1:2380"]}]}'`
		}),
		act("nobody tells", "fail no member of etcd tells who they are, of https://10.0.0.1:2379", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		act("it does not stop", "fail cannot stop etcd.service", func(c *scriptCase) { c.stubs["systemctl"] = `[ "$1" != disable ] && echo active` }),
		act("its data are gone", stopped[:len(stopped)-1], func(c *scriptCase) {
			c.files = map[string]string{"/etc/etcd/pki/ca.key": "key"}
			state("active", "enabled")(c)
		}),
		probe("it runs", "differs etcd.service starts at boot\ndiffers etcd-events.service runs\ndiffers /etc/etcd/pki/client.key is there\nok",
			`case $2:$4 in *=ActiveState:etcd.service) echo failed ;; *=ActiveState:*) echo activating ;; *:etcd.service) echo enabled ;; *) echo disabled ;; esac`),
		probe("nobody knows", unknown, "return 1"),
	})
}

// A host can be left whose member is well and has the CA; the snapshot comes first.
func TestEtcdElsewhere(t *testing.T) {
	const health = " (https://localhost:2379/health)"
	there := map[string]string{"/etc/etcd/pki/client.key": "k", "/etc/etcd/pki/ca.key": "k"}
	base := func(name, curl, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/etcd-elsewhere.sh", want: want, files: files, stubs: map[string]string{"curl": curl}}
	}
	before := func(name, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/etcd-before.probe.sh", want: want, files: files, env: map[string]string{"FOLDER": "/run/snapshots", "NAME": "w1"},
			stubs: map[string]string{"date": "printf 1003600", "stat": `printf "$(cat "$3")"`}}
	}
	const none = "absent there is no snapshot of etcd that is not old"
	runInTurn(t, []scriptCase{
		base("well", `printf '{"health":"true","reason":""}'`, "found health of the member that is here: true"+health, there),
		base("sick", `printf refused; return 7`, "differs health of the member that is here is refused, not true"+health+"; etcd is moved when all of its members are well", there),
		base("left", `return 7`, "note this host has no member of etcd, or was left by it", map[string]string{"/etc/x": ""}),
		base("no key", `return 7`, "fail there is no /etc/etcd/pki/ca.key, by which the control planes would make their certificates", map[string]string{"/etc/etcd/pki/client.key": "k"}),
		before("none", none, there),
		before("old", none, map[string]string{"/etc/etcd/pki/client.key": "k", "/run/snapshots/before-return.db": "1000000"}),
		before("new", "present", map[string]string{"/etc/etcd/pki/client.key": "k", "/run/snapshots/before-return.db": "1000001"}),
		before("left", "present", map[string]string{"/etc/x": ""}),
		{name: "it is kept", script: "modules/kubernetes/etcd-before.act.sh", env: map[string]string{"FOLDER": "/run/snapshots", "NAME": "w1"}, files: there,
			stubs: map[string]string{"etcdctl": etcdMember, "etcdutl": "printf status"}, want: "note etcd as it is now is kept on w1 in /run/snapshots/before-return.db: hash, revision, keys, size: status"},
		{name: "none is given", script: "modules/kubernetes/etcd-before.act.sh", env: map[string]string{"FOLDER": "/run/snapshots", "NAME": "w1"}, files: there,
			stubs: map[string]string{"etcdctl": "return 1", "etcdutl": ":"}, want: "fail etcd of w1 gives no snapshot; the log says why"},
	})
}

// The certificate for members elsewhere goes when the API server does not have it any more.
func TestEtcdClientAway(t *testing.T) {
	const key = "/etc/etcd/client/client.key"
	client := func(name, script, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/etcd-client-away." + script + ".sh", want: want, files: files, env: map[string]string{"FOLDER": "/etc/etcd/client"},
			stubs: map[string]string{"rm": saysRm, "grep": `command grep -qs client.key "$ROOT_OF_TEST` + apiManifest + `"`}}
	}
	runInTurn(t, []scriptCase{
		client("there", "probe", "differs "+key+" is there\nok", map[string]string{key: ""}),
		client("gone", "probe", "ok", map[string]string{"/etc/x": ""}),
		client("it goes", "act", "rm -f /etc/etcd/client/client.key /etc/etcd/client/client.crt /etc/etcd/client/ca.crt", map[string]string{key: "", apiManifest: apiServer(localEtcd)}),
		client("nothing says whether it is used", "act", "fail there is no "+apiManifest+", so nothing says whether the API server of this host still has "+key, map[string]string{key: ""}),
		client("it is used", "act", "fail the API server of this host still has "+key, map[string]string{key: "", apiManifest: "    - --etcd-keyfile=" + key + "\n"}),
	})
}
