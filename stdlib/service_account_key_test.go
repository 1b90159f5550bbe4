package stdlib_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
)

const (
	saFolder = "/etc/kubernetes/service-account/"
	saNoted  = `get namespace kube-system --output jsonpath={.metadata.annotations.sprayc/service-account-key}`
)

// publicKey is one in PEM; in tests its id is the name.
func publicKey(name string) string {
	return "-----BEGIN PUBLIC KEY-----\n" + name + "\n-----END PUBLIC KEY-----\n"
}

func privateKey(name string) string {
	return "-----BEGIN RSA PRIVATE KEY-----\nprivate " + name + "\n-----END RSA PRIVATE KEY-----\n"
}

// tokenAPI stands in for kubectl: what is noted, the keys that the API server tells (those of a
// file, as it has read them at its start), and secrets.
func tokenAPI(noted, secrets string) string {
	return `case $* in
*'` + saNoted + `') printf '%s' '` + noted + `' ;;
*'--raw /openid/v1/jwks')
	[ ! -e "$ROOT_OF_TEST/run/mute" ] || return 1
	printf '{"keys":['
	while read -r id; do printf '{"use":"sig","kty":"RSA","kid":"%s","n":"x"},' "$id"; done <"$ROOT_OF_TEST/run/read"
	printf ']}'
	;;
*'get secrets '*) printf '%s' '` + secrets + `' ;;
*' annotate '*) for last; do :; done; printf 'annotate %s\n' "$last" >&3 ;;
*' create token default '*) printf '%s' '` + secrets + `' ;;
*) return 1 ;;
esac`
}

// header is how a token of a key begins.
func header(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"`+id+`"}`)) + ".e30.sig"
}

// tokenKeys is a script of a control plane: what it has in sa.pub, what its API server has read,
// and what is noted.
func tokenKeys(name, script, goal, pub, read, noted, want string) scriptCase {
	var pem strings.Builder
	for _, id := range strings.Fields(pub) {
		pem.WriteString(publicKey(id))
	}
	return scriptCase{name: name, script: kubernetes + script, want: want,
		env:   map[string]string{"GENERATION": "2", "GOAL": goal, "KEY": "/run/key", "SERVER": "10.0.0.1:6443", "HOURS": "25", "WHERE": "127.0.0.1:10257", "TIMEOUT": "3"},
		files: map[string]string{"/etc/kubernetes/admin.conf": "", pkiFolder + "sa.pub": pem.String(), pkiFolder + "sa.key": privateKey(strings.Fields(pub)[0]), "/run/read": strings.ReplaceAll(read, " ", "\n") + "\n"},
		stubs: map[string]string{"kubectl": tokenAPI(noted, ""), "date": "echo 1000000", "curl": ":"}}
}

// beside is the pair of a generation that a host has before it signs.
func beside(c scriptCase, id string) scriptCase {
	c.files[saFolder+"2/sa.key"], c.files[saFolder+"2/sa.pub"] = privateKey(id), publicKey(id)
	return c
}

// Another key is made where no control plane has it, and nowhere else.
func TestServiceAccountKeyProbe(t *testing.T) {
	probe := func(name, pub, noted, want string) scriptCase {
		c := tokenKeys(name, "service-account-key.probe.sh", "", pub, "", noted, want)
		c.env["CONFIG"] = "/etc/kubernetes/kubeadm/init.yaml"
		return c
	}
	const absent = "absent this host has no key of generation 2"
	down := probe("no API server", "old", "", "blocked the API server: it does not say which key it has")
	down.stubs["kubectl"] = "return 1"
	silent := probe("the API server is away", "old", "", "blocked the API server: it does not answer")
	silent.stubs["curl"], silent.stubs["sleep"] = "return 7", ":"
	half := probe("half of it was made", "old", "", absent)
	half.files[saFolder+"2/sa.key"] = privateKey("new")
	runInTurn(t, []scriptCase{
		probe("none", "old", "", absent),
		probe("that of before is noted", "old", "1 signs old 5", absent),
		beside(probe("made", "old", "", "present"), "new"),
		beside(probe("all know it", "old new", "2 known new", "present"), "new"),
		probe("it signs", "new old", "2 known new", "present"),
		probe("it came by a join", "new", "2 signs new 5", "present"),
		beside(probe("another was made while this host was away", "old", "2 known new", absent), "other"),
		probe("it was away while all changed", "old", "2 signs new 5", absent),
		half, down, silent,
	})
}

// kubeadm makes the pair where the configuration says, beside its own.
func TestServiceAccountKeyIsMade(t *testing.T) {
	kubeadm := `for config; do :; done
[ "$1 $2 $3 $4" = 'init phase certs sa' ] || return 1
! grep -q elsewhere "$config" || return 1
at=$(sed -n 's/^"certificatesDir": "\(.*\)"$/\1/p' "$config")
printf '%s' '` + privateKey("new") + `' >"$at/sa.key"
printf '%s' '` + publicKey("new") + `' >"$at/sa.pub"`
	files := map[string]string{"/etc/kubernetes/admin.conf": "", pkiFolder + "sa.pub": publicKey("old"), pkiFolder + "sa.key": privateKey("old"), "/run/read": "old\n",
		"/etc/kubernetes/kubeadm/init.yaml": "\"kind\": \"InitConfiguration\"\n---\n\"certificatesDir\": \"/elsewhere\"\n\"kind\": \"ClusterConfiguration\"\n"}
	c := killedCase{"key", "kubernetes/service-account-key.probe.sh", "kubernetes/service-account-key.act.sh",
		map[string]string{"GENERATION": "2", "SERVER": "10.0.0.1:6443", "CONFIG": "/etc/kubernetes/kubeadm/init.yaml"}, files,
		map[string]string{"kubeadm": kubeadm, "kubectl": tokenAPI("", ""), "curl": ":"}}
	want := maps.Clone(files)
	want[saFolder+"2/sa.key"], want[saFolder+"2/sa.pub"] = privateKey("new"), publicKey("new")
	c.leaves(t, want, true)

	lost := tokenKeys("nobody has it any more", "service-account-key.act.sh", "", "old", "old", "2 known new", "fail no control plane has the key of generation 2 that the cluster knows: bring one back that has, or write another generation")
	lost.env["CONFIG"] = "/etc/kubernetes/kubeadm/init.yaml"
	none := tokenKeys("kubeadm makes none", "service-account-key.act.sh", "", "old", "old", "", "fail kubeadm has made no key in /etc/kubernetes/service-account/.new")
	none.env["CONFIG"], none.files["/etc/kubernetes/kubeadm/init.yaml"], none.stubs["kubeadm"] = "/etc/kubernetes/kubeadm/init.yaml", "", ":"
	runInTurn(t, []scriptCase{lost, none})
}

// The pair is told from beside, or from kubeadm's files when it signs.
func TestServiceAccountKeyOutput(t *testing.T) {
	said := func(id string) string {
		return base64.StdEncoding.EncodeToString([]byte(privateKey(id))) + " " + base64.StdEncoding.EncodeToString([]byte(publicKey(id)))
	}
	output := func(name, pub, want string) scriptCase {
		c := tokenKeys(name, "service-account-key.output.sh", "", pub, "", "", want)
		c.prints = true
		return c
	}
	runInTurn(t, []scriptCase{beside(output("beside", "old", said("new")), "new"), output("it signs", "new old", said("new"))})
}

// How far a host has come.
func TestServiceAccountProbe(t *testing.T) {
	probe := func(name, goal, pub, read, noted, want string) scriptCase {
		return tokenKeys(name, "service-account.probe.sh", goal, pub, read, noted, want)
	}
	const (
		none    = "differs this host has no key of generation 2"
		refused = "differs tokens of the key of generation 2 are refused here\n"
		another = "differs tokens are signed with another key than that of generation 2\n"
		unread  = "differs the API server has read other keys than /etc/kubernetes/pki/sa.pub has now\nok"
		waiting = "ok"
		secret  = "fail the key of before stays, as these secrets have tokens of it: default/ci - those that are needed get another with kubectl patch secret NAME --namespace NAMESPACE --type json --patch '[{\"op\":\"remove\",\"path\":\"/data/token\"}]', which whoever uses it has to get; the others are to be deleted"
	)
	secrets := func(c scriptCase, of, tokens string) scriptCase {
		c.stubs["kubectl"] = tokenAPI(of, tokens)
		return c
	}
	mute := func(c scriptCase, want string) scriptCase {
		c.files["/run/mute"], c.want = "", want
		return c
	}
	const unsaid = "blocked the API server: it does not tell the keys that it has read"
	const begun = "2 signs new 910000" // 25 hours before now
	runInTurn(t, []scriptCase{
		probe("known: no key", "known", "old", "old", "", none),
		beside(probe("known: not taken", "known", "old", "old", "", refused+"ok"), "new"),
		beside(probe("known: written, not read", "known", "old new", "old", "", unread), "new"),
		beside(probe("known: read", "known", "old new", "old new", "", "ok"), "new"),
		beside(probe("known: another than all know", "known", "old other", "old other", "2 known new", none), "other"),
		probe("known: it signs", "known", "new old", "new old", "2 known new", "ok"),
		probe("known: it came by a join before it signed", "known", "old new", "old new", "2 known new", none),
		beside(probe("signs: not all know", "signs", "old new", "old new", "", "blocked exec known: not every API server takes tokens of the key of generation 2"), "new"),
		beside(probe("signs: not yet", "signs", "old new", "old new", "2 known new", another+"ok"), "new"),
		beside(probe("signs: written, not read", "signs", "new old", "old new", "2 known new", "differs an earlier run was broken off\n"+unread), "new"),
		beside(probe("signs: it has another than all know", "signs", "old other", "old other", "2 known new", "blocked exec known: this host has another key of generation 2 than all know; run this again"), "other"),
		mute(probe("signs: nobody tells what was read", "signs", "new old", "new old", "2 known new", ""), unsaid),
		probe("signs: done", "signs", "new old", "new old", "2 known new", "ok"),
		probe("signs: done long ago", "signs", "new", "new", "2 signs new 5", "ok"),
		probe("only: not all sign", "only", "old new", "old new", "2 known new", waiting),
		probe("only: not even known", "only", "old", "old", "", waiting),
		probe("only: an hour is left", "only", "new old", "new old", "2 signs new 913599", "warn tokens of the key of service accounts before this one are good for another 1 hours: run this again then, and that key leaves\nok"),
		probe("only: all hours are left", "only", "new old", "new old", "2 signs new 1000000", "warn tokens of the key of service accounts before this one are good for another 25 hours: run this again then, and that key leaves\nok"),
		probe("only: it is not said since when", "only", "new old", "new old", "2 signs new", "fail the note of the key, 2 signs new, does not say since when it signs"),
		probe("only: they have ended", "only", "new old", "new old", begun, "differs tokens of the key of before are still taken\nok"),
		secrets(probe("only: a secret has one", "only", "new old", "new old", begun, secret), begun, "default/ci "+header("old")+"\ndefault/empty \nx/good "+header("new")+"\n"),
		secrets(probe("only: no secret has one", "only", "new old", "new old", begun, "differs tokens of the key of before are still taken\nok"), begun, "x/good "+header("new")+"\ndefault/empty \n"),
		secrets(probe("only: a secret has a point in its name", "only", "new old", "new old", begun, "differs tokens of the key of before are still taken\nok"), begun, "x/my.secret.v1 "+header("new")+"\n"),
		secrets(probe("only: another secret has a point in its name", "only", "new old", "new old", begun, strings.Replace(secret, "default/ci", "x/my.secret.v1", 1)), begun, "x/my.secret.v1 "+header("old")+"\n"),
		probe("only: written, not read", "only", "new", "new old", begun, unread),
		probe("only: done", "only", "new", "new", begun, "ok"),
	})
}

// ends has an API server and a controller manager that the kubelet starts anew when they end:
// the API server reads its keys then.
const ends = `case $1 in
7) of=kube-apiserver at=17; sed '/^-----/d' "$ROOT_OF_TEST/etc/kubernetes/pki/sa.pub" >"$ROOT_OF_TEST/run/read" ;;
*) of=kube-controller at=18 ;;
esac
printf 'kills %s\n' "$of" >&3
command rm -r "$ROOT_OF_TEST/proc/$1"
command mkdir -p "$ROOT_OF_TEST/proc/$at/root$ROOT_OF_TEST/etc/kubernetes/pki"
: >"$ROOT_OF_TEST/proc/$at/root$ROOT_OF_TEST/etc/kubernetes/pki/sa.key"
printf '%s\n' "$of" >"$ROOT_OF_TEST/proc/$at/comm"`

// An act writes what its goal asks for, and starts anew what has read something else.
func TestServiceAccountAct(t *testing.T) {
	act := func(name, goal, pub, read, want string) scriptCase {
		c := tokenKeys(name, "service-account.act.sh", goal, pub, read, "2 known new", want)
		c.files["/run/key"] = base64.StdEncoding.EncodeToString([]byte(privateKey("new"))) + " " + base64.StdEncoding.EncodeToString([]byte(publicKey("new")))
		c.links = map[string]string{"/proc/7/root": "/", "/proc/8/root": "/"}
		c.files["/proc/7/comm"], c.files["/proc/8/comm"], c.files["/proc/9/comm"] = "kube-apiserver\n", "kube-controller\n", "kube-apiserver\n"
		c.stubs["kill"], c.stubs["sleep"], c.stubs["curl"] = ends, ":", ":"
		return c
	}
	with := func(c scriptCase, stub, text string) scriptCase {
		c.stubs[stub] = text
		return c
	}
	const api, manager = "note the API server is started anew\nkills kube-apiserver", "\nnote the controller manager is started anew\nkills kube-controller"
	// It starts by itself, and has read what is there by then.
	starts := act("signs: the API server is just starting", "only", "new old", "new", "")
	starts.files["/run/mute"], starts.stubs["sleep"] = "", `command rm "$ROOT_OF_TEST/run/mute"`
	gone := act("signs: it does not start", "only", "new old", "new", "fail the API server at 10.0.0.1:6443 does not answer at /openid/v1/jwks after 3 s; look at: journalctl -u kubelet.service")
	gone.files["/run/mute"] = ""
	nowhere := with(beside(act("signs: the controller manager serves nowhere", "signs", "old new", "old new", api+manager), "new"), "curl", "return 7")
	nowhere.env["WHERE"] = "-"
	half := beside(act("signs: half a key", "signs", "old new", "old new", "fail there is no whole key for /etc/kubernetes/pki/sa.key"), "new")
	half.files[saFolder+"2/sa.key"] = strings.TrimSuffix(privateKey("new"), "-----END RSA PRIVATE KEY-----\n")
	runInTurn(t, []scriptCase{
		starts, gone, half,
		act("known", "known", "old", "old", api),
		act("known, and read already", "known", "old new", "old new", ""),
		beside(act("signs", "signs", "old new", "old new", api+manager), "new"),
		nowhere,
		act("signs: all is done", "signs", "new old", "new old", ""),
		act("only", "only", "new old", "new old", api),
		act("only, and read already", "only", "new", "new", ""),
		with(act("the API server reads no other", "only", "new old", "new old", "note the API server is started anew\nkills\nfail the API server at 10.0.0.1:6443 does not tell the keys of /etc/kubernetes/pki/sa.pub at /openid/v1/jwks after 3 s; look at: journalctl -u kubelet.service"), "kill", `printf 'kills\n' >&3; rm -r "$ROOT_OF_TEST/proc/$1"`),
		with(beside(act("the controller manager does not answer", "signs", "old new", "old new", api+manager+"\nfail the controller manager does not answer 3 s after its end; look at: journalctl -u kubelet.service"), "new"), "curl", "return 7"),
		with(act("a key that is none", "known", "old", "old", "fail cannot write /etc/kubernetes/service-account/.new/sa.key"), "base64", "return 1"),
	})
}

// Wherever the acts are killed, the next run ends as if nothing had been: the key that signs is
// that of the first public one, and nothing is left beside.
func TestServiceAccountActsKilled(t *testing.T) {
	for _, goal := range []struct {
		name, pub, noted string
		beside           bool
		key, keys        string
		left             bool
	}{
		{"known", "old", "", false, "old", "old new", true},
		{"signs", "old new", "2 known new", true, "new", "new old", false},
		{"only", "new old", "2 signs new 910000", false, "new", "new", false},
	} {
		t.Run(goal.name, func(t *testing.T) {
			t.Parallel()
			c := tokenKeys(goal.name, "", goal.name, goal.pub, goal.pub, goal.noted, "")
			c.files["/run/key"] = base64.StdEncoding.EncodeToString([]byte(privateKey("new"))) + " " + base64.StdEncoding.EncodeToString([]byte(publicKey("new")))
			if goal.beside {
				c = beside(c, "new")
			}
			want := maps.Clone(c.files)
			// No process of theirs runs at the moment: the kubelet starts each, and it reads its files then.
			c.stubs["kubectl"] = `case $* in *'--raw /openid/v1/jwks') [ ! -e "$ROOT_OF_TEST/run/started" ] || sed '/^-----/d' "$ROOT_OF_TEST/etc/kubernetes/pki/sa.pub" >"$ROOT_OF_TEST/run/read" ;; esac
` + c.stubs["kubectl"]
			c.stubs["sleep"] = `: >"$ROOT_OF_TEST/run/started"`
			if goal.name == "signs" {
				c.stubs["sleep"] += `
mkdir -p "$ROOT_OF_TEST/proc/9/root$ROOT_OF_TEST/etc/kubernetes/pki"
: >"$ROOT_OF_TEST/proc/9/root$ROOT_OF_TEST/etc/kubernetes/pki/sa.key"
printf 'kube-controller\n' >"$ROOT_OF_TEST/proc/9/comm"`
			}
			c.stubs["curl"] = `case $* in */healthz) rm -rf "$ROOT_OF_TEST/proc/9" "$ROOT_OF_TEST/proc/19" "$ROOT_OF_TEST/proc/119" ;; esac`
			c.stubs["kill"] = `[ "$1" != -9 ] || command kill -9 "$2"
mv "$ROOT_OF_TEST/proc/$1" "$ROOT_OF_TEST/proc/1$1"`
			delete(want, saFolder+"2/sa.key")
			delete(want, saFolder+"2/sa.pub")
			if goal.left {
				want[saFolder+"2/sa.key"], want[saFolder+"2/sa.pub"] = privateKey("new"), publicKey("new")
			}
			var pem, read strings.Builder
			for _, id := range strings.Fields(goal.keys) {
				pem.WriteString(publicKey(id))
				read.WriteString(id + "\n")
			}
			want[pkiFolder+"sa.pub"], want[pkiFolder+"sa.key"], want["/run/read"], want["/run/started"] = pem.String(), privateKey(goal.key), read.String(), ""
			k := killedCase{goal.name, "kubernetes/service-account.probe.sh", "kubernetes/service-account.act.sh", c.env, c.files, c.stubs}
			k.leaves(t, want, true)
		})
	}
}

// What is noted is the key's id, and since when it signs.
func TestServiceAccountNote(t *testing.T) {
	note := func(name, script, note, pub, noted, want string) scriptCase {
		c := tokenKeys(name, script, "", pub, pub, noted, want)
		c.env["NOTE"] = note
		return c
	}
	const probe, act = "service-account-note.probe.sh", "service-account-note.act.sh"
	const absent = "absent not every control plane has come so far with the key of generation 2"
	runInTurn(t, []scriptCase{
		note("nothing is noted", probe, "known", "old", "", absent),
		note("all know it", probe, "known", "old", "2 known new", "present"),
		note("all sign with it", probe, "known", "old", "2 signs new 5", "present"),
		note("it does not sign", probe, "signs", "old", "2 known new", absent),
		note("it signs", probe, "signs", "old", "2 signs new 5", "present"),
		note("another generation", probe, "signs", "old", "22 signs new 5", absent),
		note("that of before", probe, "known", "old", "1 signs old 5", absent),
		beside(note("known", act, "known", "old new", "", "annotate sprayc/service-account-key=2 known new"), "new"),
		note("signs", act, "signs", "new old", "2 known new", "annotate sprayc/service-account-key=2 signs new 1000000"),
	})
}

// What the API server says of its keys, and a token of it, is held against the file.
func TestVerifyServiceAccount(t *testing.T) {
	verify := func(name, pub, read, token, want string) scriptCase {
		c := tokenKeys(name, "verify-service-account.sh", "", pub, read, "", want)
		c.stubs["kubectl"] = tokenAPI("2 signs new 913599", token)
		return c
	}
	const (
		keys    = "found keys of service accounts of the API server at 10.0.0.1:6443: as in its file (/openid/v1/jwks)\n"
		signs   = "found key that signs tokens at 10.0.0.1:6443: of generation 2 (a token of the service account default)"
		another = "differs key that signs tokens at 10.0.0.1:6443 is another, not of generation 2 (a token of the service account default)"
	)
	runInTurn(t, []scriptCase{
		verify("well", "new old", "new old", header("new"), keys+signs),
		verify("well, and alone", "new", "new", header("new"), keys+signs),
		verify("it signs with the one of before", "new old", "new old", header("old"), keys+another),
		verify("it has read others", "new old", "old new", header("new"), "differs keys of service accounts of the API server at 10.0.0.1:6443 is others, not as in its file (/openid/v1/jwks)\n"+signs),
		verify("it issues none", "new old", "new old", "", keys+strings.Replace(another, "is another", "is not said", 1)),
	})
	told := func(name, noted, want string) scriptCase {
		return tokenKeys(name, "verify-service-account-key.sh", "", "old other", "old", noted, want)
	}
	const own = "fail this host signs tokens of service accounts with another key than the cluster has: sprayc certificates rotate-keys brings it here too"
	const due = "warn service_account_key has generation 2, which does not sign yet: sprayc certificates rotate-keys brings it"
	runInTurn(t, []scriptCase{told("not begun", "", due), told("begun", "2 known new", due), told("of before", "1 signs old 5", due), told("it signs", "2 signs old 5", ""),
		told("this host was away meanwhile", "2 signs new 5", own), told("it has that only beside", "2 signs other 5", own)})
}

// What cannot be rotated is refused before anything changes.
func TestRotationIsRefused(t *testing.T) {
	refused := func(name, generation, encrypts, noted, want string, change func(c *scriptCase)) scriptCase {
		c := tokenKeys(name, "rotation.sh", "", "old", "old", noted, want)
		c.env["GENERATION"], c.env["ENCRYPTS"] = generation, encrypts
		c.files["/etc/kubernetes/kubelet.conf"], c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = "x", "    - --encryption-provider-config=/x\n"
		if change != nil {
			change(&c)
		}
		return c
	}
	const outside = "fail the key of service accounts comes from outside (certificates own: sa_key), so it is not made here: its files stay as they are brought"
	runInTurn(t, []scriptCase{
		refused("well", "2", "true", "", "", nil),
		refused("again", "2", "true", "2 signs new 5", "", nil),
		refused("no control plane", "2", "false", "", "fail this host is no control plane yet: sprayc run makes it one", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/kubelet.conf") }),
		refused("nothing is encrypted", "", "true", "", "fail the API server does not encrypt yet: sprayc run brings encryption, sprayc certificates rotate-keys another generation of its key", func(c *scriptCase) { c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = "    - --x\n" }),
		refused("nothing is to be encrypted", "2", "false", "", "", func(c *scriptCase) { c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = "    - --x\n" }),
		refused("from outside", "2", "false", "", outside, func(c *scriptCase) { c.files["/etc/kubernetes/own-certificates"] = "sa.pub\nsa.key\n" }),
		refused("from outside, and it stays", "", "true", "", "", func(c *scriptCase) { c.files["/etc/kubernetes/own-certificates"] = "sa.pub\nsa.key\n" }),
		refused("others from outside", "2", "true", "", "", func(c *scriptCase) { c.files["/etc/kubernetes/own-certificates"] = "ca.crt\n" }),
		refused("the API server starts", "2", "true", "", "", func(c *scriptCase) {
			c.stubs["sleep"] = `: >"$ROOT_OF_TEST/run/slept"`
			c.stubs["kubectl"] = `[ -e "$ROOT_OF_TEST/run/slept" ] || return 1
` + c.stubs["kubectl"]
		}),
		refused("it does not start", "2", "true", "", "fail the API server at 10.0.0.1:6443 does not say which key of service accounts it has", func(c *scriptCase) { c.stubs["sleep"], c.stubs["kubectl"] = ":", "return 1" }),
		refused("a generation of before", "2", "true", "10 signs new 5", "fail the cluster's key of service accounts is of generation 10, and service_account_key has 2: a generation never comes back, write 10 or more", nil),
	})
}
