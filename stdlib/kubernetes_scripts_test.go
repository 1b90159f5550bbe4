package stdlib_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/stdlib"
)

const kubernetes = "modules/kubernetes/"

func moduleFile(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(stdlib.FS, kubernetes+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The orders of keys, from nothing to a key, over another key, and back: whatever stands
// where, a key writes only after it reads, and one that is needed is never dropped.
func TestEncryptionOrder(t *testing.T) {
	const one, two = "key secretbox-1 secretbox AAA=\n", "key aesgcm-2 aesgcm BBB=\n"
	for _, c := range []struct{ name, state, vars, want string }{
		{"a new cluster", one, "want=secretbox-1 resources=secrets goal=readable fresh=true", one + "order secrets secretbox-1 identity\n"},
		{"turned on, read first", one + "order secrets identity\n", "want=secretbox-1 resources=secrets goal=readable fresh=false", one + "order secrets identity secretbox-1\n"},
		{"then written with", one + "order secrets identity secretbox-1\n", "want=secretbox-1 resources=secrets goal=first fresh=false", one + "order secrets secretbox-1 identity\n"},
		{"another key, read first", two + one + "order secrets secretbox-1 identity\n", "want=aesgcm-2 resources=secrets goal=readable fresh=false", two + one + "order secrets secretbox-1 identity aesgcm-2\n"},
		{"another key alone", two + one + "order secrets aesgcm-2 secretbox-1 identity\n", "want=aesgcm-2 resources=secrets goal=only fresh=false", two + "order secrets aesgcm-2 identity\n"},
		{"a further resource", one + "order secrets secretbox-1 identity\n", "want=secretbox-1 resources=secrets,configmaps goal=readable fresh=false", one + "order secrets secretbox-1 identity\norder configmaps identity secretbox-1\n"},
		{"a resource less is still read", one + "order secrets secretbox-1 identity\norder configmaps secretbox-1 identity\n", "want=secretbox-1 resources=secrets goal=first fresh=false", one + "order secrets secretbox-1 identity\norder configmaps identity secretbox-1\n"},
		{"taken back", one + "order secrets secretbox-1 identity\n", "want=identity resources=secrets goal=first fresh=false", one + "order secrets identity secretbox-1\n"},
		{"taken back, and no key kept", one + "order secrets identity secretbox-1\n", "want=identity resources=secrets goal=only fresh=false", "order secrets identity\n"},
		{"from another host", "\n" + one + "order secrets identity secretbox-1\n\n", "want=secretbox-1 resources=secrets goal=readable fresh=true", one + "order secrets identity secretbox-1\n"},
		{"a key service", "", "want=kms-vault kms=unix:///v.sock,3s resources=secrets goal=readable fresh=true", "key kms-vault kms unix:///v.sock 3s\norder secrets kms-vault identity\n"},
		{"a key service at another place", "key kms-vault kms unix:///v.sock 3s\norder secrets kms-vault identity\n", "want=kms-vault kms=unix:///w.sock,5s resources=secrets goal=only fresh=false", "key kms-vault kms unix:///w.sock 5s\norder secrets kms-vault identity\n"},
		{"a key that is not there", one, "want=aesgcm-2 resources=secrets goal=readable fresh=true", "exit status 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			state := filepath.Join(t.TempDir(), "state")
			if err := os.WriteFile(state, []byte(c.state), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, awk := range [][]string{{"awk"}, {"busybox", "awk"}} {
				if _, err := exec.LookPath(awk[0]); err != nil && os.Getenv("CI") == "" {
					t.Logf("%s is not here and was left out", awk)
					continue
				}
				args := awk[1:]
				for _, v := range strings.Fields("kms= " + c.vars) {
					args = append(args, "-v", strings.ReplaceAll(v, ",", " "))
				}
				out, err := exec.Command(awk[0], append(args, moduleFile(t, "encryption-order.awk"), state)...).Output()
				got := string(out)
				if err != nil {
					got = err.Error()
				}
				if got != c.want {
					t.Errorf("%s\n got %s\nwant %s", awk, got, c.want)
				}
			}
		})
	}
}

// The file that the API server reads is made of the keys and the orders.
func TestEncryptionConfig(t *testing.T) {
	cmd := exec.Command("awk", moduleFile(t, "encryption-config.awk"))
	cmd.Stdin = strings.NewReader("key secretbox-1 secretbox AAA=\nkey kms-vault kms unix:///v.sock 3s\norder secrets kms-vault secretbox-1 identity\norder configmaps identity\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: ["secrets"]
  providers:
  - kms: {apiVersion: v2, name: "vault", endpoint: "unix:///v.sock", timeout: "3s"}
  - secretbox: {keys: [{name: "secretbox-1", secret: "AAA="}]}
  - identity: {}
- resources: ["configmaps"]
  providers:
  - identity: {}
`
	if string(out) != want {
		t.Errorf("got\n%s", out)
	}
}

func TestEncryptionProbes(t *testing.T) {
	const state = "key secretbox-1 secretbox AAA=\norder secrets secretbox-1 identity\n"
	config := "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [\"secrets\"]\n  providers:\n" +
		"  - secretbox: {keys: [{name: \"secretbox-1\", secret: \"AAA=\"}]}\n  - identity: {}\n"
	base := scriptCase{script: kubernetes + "encryption.probe.sh",
		env: map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-1", "KMS": "", "REACH": "", "RESOURCES": "secrets", "GOAL": "first", "FROM": "", "SERVER": "10.0.0.1:6443",
			"ORDER": moduleFile(t, "encryption-order.awk"), "RENDER": moduleFile(t, "encryption-config.awk")},
		files: map[string]string{"/etc/e/state": state, "/etc/e/config.yaml": config}}
	with := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := base
		c.name, c.want, c.env, c.files = name, want, maps.Clone(base.env), maps.Clone(base.files)
		change(&c)
		return c
	}
	key := func(name, want, held, file string) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "encryption-key.probe.sh", files: map[string]string{"/etc/e/state": held, "/run/key": "AAA="},
			env: map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-1", "RESOURCES": "secrets", "KEY": file}}
		return c
	}
	runInTurn(t, []scriptCase{
		with("as wanted", "ok", func(*scriptCase) {}),
		with("no key", "differs this host does not have the key secretbox-1", func(c *scriptCase) { c.files = nil }),
		with("not yet first", "differs secretbox-1 does not come as it should among the keys\ndiffers /etc/e/config.yaml is not what the keys make\nok", func(c *scriptCase) {
			c.files["/etc/e/state"] = "key secretbox-1 secretbox AAA=\norder secrets identity secretbox-1\n"
		}),
		with("killed before the API server's file", "differs /etc/e/config.yaml is not what the keys make\nok", func(c *scriptCase) { delete(c.files, "/etc/e/config.yaml") }),
		with("killed before the API server had read it", "differs the API server may not have read its keys yet\nok", func(c *scriptCase) { c.files["/etc/e/state.loading"] = "" }),
		with("the API server would not reach the key service", `fail what vault has encrypted needs unix:///srv/v/v.sock: come to another provider with kms = { name = "vault", endpoint = "unix:///srv/v/v.sock" } beside it, and take that away in another run`, func(c *scriptCase) {
			c.files["/etc/e/state"] = state + "key kms-vault kms unix:///srv/v/v.sock 3s\n"
		}),
		with("it reaches it until all is written anew", "differs secretbox-1 does not come as it should among the keys\ndiffers /etc/e/config.yaml is not what the keys make\nok", func(c *scriptCase) {
			c.files["/etc/e/state"], c.env["REACH"] = "key secretbox-1 secretbox AAA=\nkey kms-vault kms unix:///srv/v/v.sock 3s\norder secrets kms-vault identity\n", "unix:///srv/v"
		}),
		key("the key is there", "present", state, ""),
		key("the key is the secret", "present", state, "/run/key"),
		key("the key is not the secret", "fail the key secretbox-1 is another than the secret: another key is another generation", "key secretbox-1 secretbox CCC=\n", "/run/key"),
		key("only another key is there", "absent this host has no key secretbox-1", "key aesgcm-2 aesgcm BBB=\n", ""),
	})
}

// An act writes both files, and is done when the API server, if it reads them already, shows
// that it has read them.
func TestEncryptionAct(t *testing.T) {
	const state = "key secretbox-1 secretbox AAA=\norder secrets secretbox-1 identity\n"
	config := "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [\"secrets\"]\n  providers:\n" +
		"  - secretbox: {keys: [{name: \"secretbox-1\", secret: \"AAA=\"}]}\n  - identity: {}\n"
	metric := fmt.Sprintf(`printf 'apiserver_encryption_config_controller_last_config_info{apiserver_id_hash="x",hash="sha256:%%s"} 1\n' %x`, sha256.Sum256([]byte(config)))
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "encryption.act.sh",
			env: map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-1", "KMS": "", "REACH": "", "RESOURCES": "secrets", "GOAL": "first", "FROM": "/run/from", "SERVER": "10.0.0.1:6443",
				"ORDER": moduleFile(t, "encryption-order.awk"), "RENDER": moduleFile(t, "encryption-config.awk")},
			files: map[string]string{"/run/from": strings.ReplaceAll(state, "\n", ";")},
			stubs: map[string]string{"sleep": ":", "kubectl": metric,
				// The last that is called: what is there in the end.
				"rm": `command rm "$@"; if [ "$2" = "$ROOT_OF_TEST/etc/e/state.loading" ]; then note "$(cat "$ROOT_OF_TEST/etc/e/state" "$ROOT_OF_TEST/etc/e/config.yaml" | sha256sum | cut -c 1-8)"; fi`}}
		change(&c)
		return c
	}
	written := fmt.Sprintf("note %x", sha256.Sum256([]byte(state+config)))[:13]
	manifest := "    - --encryption-provider-config=/etc/kubernetes/encryption/config.yaml\n"
	runInTurn(t, []scriptCase{
		base("no API server yet", written, func(*scriptCase) {}),
		base("one that does not encrypt yet", written, func(c *scriptCase) { c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = "    - --x\n" }),
		base("one that reads it", "note waits until the API server has read its keys\n"+written, func(c *scriptCase) { c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"] = manifest }),
		base("one that does not", "note waits until the API server has read its keys\nfail the API server does not read /etc/e/config.yaml; look at its log", func(c *scriptCase) {
			c.files["/etc/kubernetes/manifests/kube-apiserver.yaml"], c.stubs["kubectl"] = manifest, "printf ''"
		}),
		base("kept on the disk before it counts", "note sync state.new\nnote sync config.yaml.new\nnote mv state\nnote mv config.yaml\nnote sync e\n"+written, func(c *scriptCase) {
			c.stubs["sync"], c.stubs["mv"] = `note "sync ${1##*/}"`, `note "mv ${3##*/}"; command mv "$@"`
		}),
		base("the keys are not read whole", "fail cannot write /etc/e/state.both", func(c *scriptCase) {
			c.files["/etc/e/state"], c.env["FROM"], c.env["WANT"] = state, "", "identity"
			c.stubs["cat"] = `case $1 in */state) return 1 ;; esac; command cat "$@"`
		}),
		base("no key anywhere", "fail there is no key secretbox-1", func(c *scriptCase) { c.env["FROM"] = "" }),
	})
}

// The digest of what is mounted is salted, and told from what the definition says.
func TestMountedProbe(t *testing.T) {
	sum := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "mounted.probe.sh",
			env:   map[string]string{"PATCHES": "/etc/k/patches", "TOKENS": "", "MOUNTED": "kube-apiserver " + sum("policy\n") + " /etc/k/policy.yaml"},
			files: map[string]string{"/etc/k/salt": "salt\n", "/etc/k/policy.yaml": "policy\n", "/etc/k/patches/x": ""}}
		change(&c)
		return c
	}
	runInTurn(t, []scriptCase{
		base("new", "differs what kube-apiserver reads at its start has changed\nok", func(*scriptCase) {}),
		base("no salt", "blocked exec salt: there is no salt", func(c *scriptCase) { delete(c.files, "/etc/k/salt") }),
		base("the file is not the definition's yet", "blocked file /etc/k/policy.yaml: it says something else than the definition\ndiffers what kube-apiserver reads at its start has changed\nok",
			func(c *scriptCase) { c.files["/etc/k/policy.yaml"] = "old\n" }),
		base("no file", "blocked file /etc/k/gone: it is not there\nok", func(c *scriptCase) { c.env["MOUNTED"] = "kube-scheduler - /etc/k/gone" }),
		base("nothing is mounted any more", "differs kube-apiserver no longer reads anything at its start\nok", func(c *scriptCase) {
			c.env["MOUNTED"] = ""
			c.files["/etc/k/patches/kube-apiserver0mounted+merge.json"] = "{}\n"
		}),
		base("nothing is mounted", "ok", func(c *scriptCase) { c.env["MOUNTED"] = "" }),
		base("other tokens than the secret", "blocked file /etc/kubernetes/authentication/tokens.csv: it has other tokens than the secret\ndiffers what kube-apiserver reads at its start has changed\nok", func(c *scriptCase) {
			c.env["TOKENS"], c.files["/run/tokens"], c.files["/etc/kubernetes/authentication/tokens.csv"] = "/run/tokens", "new,u,1", "old,u,1\n"
			c.env["MOUNTED"] = "kube-apiserver - /etc/kubernetes/authentication/tokens.csv"
		}),
		base("tokens that nothing reads", "differs what kube-apiserver reads at its start has changed\nok", func(c *scriptCase) {
			c.env["TOKENS"], c.files["/run/tokens"] = "/run/tokens", "new,u,1"
		}),
	})
}

// The process is that of the manifest which has the digest of what is there: the kubelet
// says which that is, and the process's control group.
func TestVerifyMounted(t *testing.T) {
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "verify-mounted.sh",
			env: map[string]string{"PATCHES": "/etc/k/patches", "NAME": "cp1", "MOUNTED": "kube-apiserver - /etc/k/policy.yaml"},
			files: map[string]string{"/etc/k/salt": "salt\n", "/etc/k/policy.yaml": "policy\n", "/etc/k/patches/kube-apiserver0mounted+merge.json": "{}\n",
				"/proc/7/cmdline": "kube-apiserver\x00--x\x00", "/proc/7/cgroup": "4:memory:/kubepods/burstable/podc0ffee/1234\n", "/proc/8/cmdline": ""},
			stubs: map[string]string{"sleep": ":", "date": halfMinutes, "kubectl": `printf '%s c0ffee' "$(printf 'salt\n%s %s\n' "$(printf 'policy\n' | sha256sum | cut -d ' ' -f 1)" "$ROOT_OF_TEST/etc/k/policy.yaml" | sha256sum | cut -d ' ' -f 1)"`}}
		change(&c)
		return c
	}
	const setting, how = "files that kube-apiserver has read (/etc/k/policy.yaml)", " (the pod's annotation sprayc/mounted, and the process's control group)"
	runInTurn(t, []scriptCase{
		base("all well", "found "+setting+": as they are now"+how, func(*scriptCase) {}),
		base("the file has changed since", "differs "+setting+" is other files than are there now, not as they are now"+how, func(c *scriptCase) { c.files["/etc/k/policy.yaml"] = "another\n" }),
		base("the file is not the definition's", "differs /etc/k/policy.yaml is "+digest("policy\n")+", not 1234 (sha256sum)\nfound "+setting+": as they are now"+how,
			func(c *scriptCase) { c.env["MOUNTED"] = "kube-apiserver 1234 /etc/k/policy.yaml" }),
		base("the API server does not answer", "differs "+setting+" is other files than are there now, not as they are now"+how, func(c *scriptCase) { c.stubs["kubectl"] = "return 1" }),
		base("the process is of an older manifest", "differs "+setting+" is by no process of the manifest, not as they are now"+how, func(c *scriptCase) { c.files["/proc/7/cgroup"] = "4:memory:/kubepods/burstable/podbeef/1234\n" }),
		base("nothing is mounted", "", func(c *scriptCase) { delete(c.files, "/etc/k/patches/kube-apiserver0mounted+merge.json") }),
	})
}

// Patches are those of the definition, and no others of ours.
func TestPatchesProbe(t *testing.T) {
	const name = "etcd1own100+merge.json"
	base := func(title, want, own, there string) scriptCase {
		return scriptCase{name: title, want: want, script: kubernetes + "patches.probe.sh", env: map[string]string{"PATCHES": "/etc/p", "OWN": own}, files: map[string]string{"/etc/p/" + name: there, "/etc/p/other.json": ""}}
	}
	runInTurn(t, []scriptCase{
		base("as wanted", "ok", name+` {"spec": {"a":1}}`, `{"spec": {"a":1}}`+"\n"),
		base("another text", "differs "+name+" is another\nok", name+` {"spec":{}}`, "{}\n"),
		base("one more", "differs etcd1own101+merge.json is another\nok", name+" {}\netcd1own101+merge.json {}", "{}\n"),
		base("no longer wanted", "differs "+name+" is no longer in the definition\nok", "", "{}\n"),
	})
}

func digest(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// Controls of a kubelet are told by their names in its configz.
func TestKubeletControls(t *testing.T) {
	control := func(name, says, want string) scriptCase {
		return scriptCase{name: name, want: want, script: kubernetes + "verify-kubelet-controls.sh", stubs: map[string]string{"kubectl": "printf '%s' '" + says + "'"},
			env: map[string]string{"NAME": "w1", "FLATTEN": moduleFile(t, "flatten.awk"), "CONTROLS": "4.2.1|no anonymous|configz authentication.anonymous.enabled=false\n4.2.4|no port|configz readOnlyPort=0\n4.2.13|ciphers|configz tlsCipherSuites=A,B"}}
	}
	const how = " (the kubelet's configz)"
	mute := control("no answer", "", "fail the kubelet of w1 does not say what its settings are")
	mute.stubs["kubectl"] = "return 1"
	runInTurn(t, []scriptCase{
		control("all hold", `{"kubeletconfig":{"authentication":{"anonymous":{"enabled":false}},"tlsCipherSuites":["A","B"]}}`,
			"found authentication.anonymous.enabled (CIS 4.2.1, no anonymous): false"+how+"\nfound readOnlyPort (CIS 4.2.4, no port): 0"+how+"\nfound tlsCipherSuites (CIS 4.2.13, ciphers): A,B"+how),
		control("none holds", `{"kubeletconfig":{"authentication":{"anonymous":{"enabled":true}},"readOnlyPort":10255}}`,
			"differs authentication.anonymous.enabled (CIS 4.2.1, no anonymous) is true, not false"+how+"\ndiffers readOnlyPort (CIS 4.2.4, no port) is 10255, not 0"+how+"\ndiffers tlsCipherSuites (CIS 4.2.13, ciphers) is not set, not A,B"+how),
		mute,
	})
}

// What the API server has read is what its file says; the keys themselves are not told.
func TestVerifyEncryption(t *testing.T) {
	base := func(name, metrics, state, want string) scriptCase {
		return scriptCase{name: name, want: want, script: kubernetes + "verify-encryption.sh", env: map[string]string{"STATE": "/etc/e/state", "WANT": "aesgcm-2", "RESOURCES": "secrets configmaps", "SERVER": "10.0.0.1:6443"},
			files: map[string]string{"/etc/e/config.yaml": "keys\n", "/etc/e/state": state, "/run/metrics": metrics}, stubs: map[string]string{"kubectl": `cat "$ROOT_OF_TEST/run/metrics"`}}
	}
	metric := func(digest string) string {
		return "other 1\napiserver_encryption_config_controller_last_config_info{apiserver_id_hash=\"a\",hash=\"sha256:" + digest + "\"} 1\n"
	}
	const state, how = "order secrets aesgcm-2 identity\norder configmaps secretbox-1 identity\n", " (the file whose digest the API server tells)"
	const keys, from = "keys of the API server at 10.0.0.1:6443", " (apiserver_encryption_config_controller_last_config_info of /metrics)"
	orders := "\nfound encryption of secrets: aesgcm-2" + how + "\ndiffers encryption of configmaps is secretbox-1, not aesgcm-2" + how
	runInTurn(t, []scriptCase{
		base("as its file", metric(digest("keys\n")), state, "found "+keys+": as in its file"+from+orders),
		base("others", metric(digest("old\n")), state, "differs "+keys+" is others, not as in its file"+from+"; its file is /etc/e/config.yaml"+orders),
		base("no answer", "", state, "differs "+keys+" is not set, not as in its file"+from+"; its file is /etc/e/config.yaml"+orders),
	})
}

// Each way of checking a control finds what is wrong, and nothing where the process is not.
func TestControls(t *testing.T) {
	file := filepath.Join(t.TempDir(), "admin.conf")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		t.Skip("files of root need root")
	}
	control := func(check, want string) scriptCase {
		return scriptCase{name: check, want: want, script: kubernetes + "verify-controls.sh", env: map[string]string{"CONTROLS": "1.1|a control|" + check},
			files: map[string]string{"/proc/7/comm": "kube-apiserver\n", "/proc/7/cmdline": "/usr/local/bin/kube-apiserver\x00--profiling=false\x00--authorization-mode=Node,RBAC\x00", "/proc/8/cmdline": ""}}
	}
	told := func(flag, is string) string {
		return "found --" + flag + " of kube-apiserver (CIS 1.1, a control): " + is + " (arguments of process kube-apiserver)"
	}
	wrong := func(flag, is, wanted string) string {
		return "differs --" + flag + " of kube-apiserver (CIS 1.1, a control) is " + is + ", not " + wanted + " (arguments of process kube-apiserver)"
	}
	two := control("none kube-apiserver --token-auth-file", told("token-auth-file", "none")+"\n"+wrong("profiling", "false", "true"))
	two.name, two.env["CONTROLS"] = "each of two", two.env["CONTROLS"]+"\n1.1|a control|args kube-apiserver --profiling=true"
	runInTurn(t, []scriptCase{
		control("args kube-apiserver --profiling=false", told("profiling", "false")),
		control("args kube-apiserver --profiling=*", told("profiling", "set")),
		control("args kube-apiserver --profiling=true", wrong("profiling", "false", "true")),
		control("args kube-apiserver --audit-log-path=*", wrong("audit-log-path", "not set", "set")),
		control("args kube-scheduler --profiling=true", ""),
		control("has kube-apiserver --authorization-mode RBAC", told("authorization-mode", "with RBAC")),
		control("has kube-apiserver --authorization-mode RBA", wrong("authorization-mode", "Node,RBAC", "with RBA")),
		control("none kube-apiserver --authorization-mode AlwaysAllow", told("authorization-mode", "without AlwaysAllow")),
		control("none kube-apiserver --authorization-mode Node", wrong("authorization-mode", "Node,RBAC", "without Node")),
		control("none kube-apiserver --token-auth-file", told("token-auth-file", "none")),
		control("none kube-apiserver --profiling", told("profiling", "none")),
		control("mode 600 "+file, "differs "+file+" (CIS 1.1, a control) is mode 644, root's, not mode 600 or less, root's (stat)"),
		control("mode 755 "+file, "found "+file+" (CIS 1.1, a control): mode 755 or less, root's (stat)"),
		control("mode 600 /nowhere/*", ""),
		control("nonsense", "differs control 1.1 is not set, not checked (nonsense)"),
		two,
	})
}
