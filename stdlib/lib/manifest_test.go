package lib_test

import (
	"os"
	"strings"
	"testing"
)

// kubectlStub is a cluster: what was applied is in /t/live, the record of it in /t/objects
// (the list) and /t/mark (that it is whole); diff compares, and get asks whether there is a
// cluster, which /t/down says is not so. Each line of a manifest is an object, but for the
// mark behind ---.
const kubectlStub = `verb=$1
[ ! -e /t/down ] || exit 2
all=" $* "
while [ "$#" -gt 0 ]; do
	if [ "$1" = --filename ] && [ "$2" != - ]; then cp "$2" /t/payload; fi
	shift
done
: >/t/given
: >/t/said
case $all in
*' --filename - '*)
	to=/t/given
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		---) to=/t/said ;;
		'{'*) printf '%s\n' "$line" >/t/said ;;
		*) printf '%s\n' "$line" >>$to ;;
		esac
	done
	;;
esac
[ ! -s /t/payload ] || cp /t/payload /t/given
said=$(cat /t/said)
case $verb in
label) while read -r line; do [ -z "$line" ] || printf 'v1 %s\n' "$line"; done </t/given ;;
diff)
	[ ! -e /t/unclear ] || exit 2
	status=0
	cmp -s /t/given /t/live || { echo "Files /x/LIVE-1/v1.ConfigMap.default.a and /x/MERGED-1/v1.ConfigMap.default.a differ" && status=1; }
	cmp -s /t/said /t/mark || { echo "Files /x/LIVE-1/v1.ConfigMap.kube-system.sprayc.m.s.a and /x/MERGED-1/v1.ConfigMap.kube-system.sprayc.m.s.a differ" && status=1; }
	exit $status
	;;
apply)
	case $said in
	*'"objects"'*)
		objects=${said#*'"objects":"'}
		printf "${objects%'"}}'}\n" >/t/objects
		;;
	*)
		cp /t/given /t/live && rm -f /t/unclear
		[ -z "$said" ] || cp /t/said /t/mark
		;;
	esac
	;;
get)
	case $all in
	*' go-template={{define '*) cat /t/version 2>/dev/null ;;
	*' --ignore-not-found --show-managed-fields '*) case $said in *'"foreign"'*) echo 'ConfigMap kubectl/Update ' ;; *'"lost"'*) ;; *'"b"'*) echo 'ConfigMap ' ;; *) echo 'ConfigMap kube-controller-manager/Update sprayc/Apply ' ;; esac ;;
	*' configmaps '*) cat /t/others 2>/dev/null || : ;;
	*' configmap '*) cat /t/objects 2>/dev/null || : ;;
	esac
	;;
delete) printf '%s\n' "$said" >>/t/deleted ;;
esac
`

// known is the question of whether somebody has touched an object, as calls has it, and
// knownOfAll that of a plan, for all manifests.
const (
	known      = "kubectl get, for what is known\n"
	knownOfAll = "kubectl get, for all that is known\n"
)

// calls are those of kubectl.
func calls(m *machine) string {
	out := ""
	for _, line := range strings.SplitAfter(m.calls(), "\n") {
		switch {
		case strings.HasPrefix(line, "kubectl get --output go-template={{define "):
			out += known
		case strings.HasPrefix(line, "kubectl get --filename - --output go-template={{define "):
			out += knownOfAll
		case strings.HasPrefix(line, "kubectl "):
			out += line
		}
	}
	return out
}

// What the server would change is applied, by our field manager; without a server it is
// blocked, and a manifest that the server cannot judge yet is applied.
func TestManifest(t *testing.T) {
	const with = " --kubeconfig /etc/admin.conf --cache-dir /run/sprayc/kubectl"
	const ours = " --server-side --force-conflicts --field-manager sprayc" + with + " --filename -\n"
	record := []string{
		"kubectl label --local sprayc=local --output go-template={{.apiVersion}} {{.kind}} {{if .metadata.namespace}}{{.metadata.namespace}}{{else}}-{{end}} {{.metadata.name}}{{\"\\n\"}}" + with + " --filename -\n",
		"kubectl get configmap sprayc.m.s.a --namespace kube-system --ignore-not-found --output go-template={{with .data}}{{with .objects}}{{.}}{{end}}{{end}}" + with + "\n",
		"kubectl apply --server-side --force-conflicts --field-manager sprayc-inventory --filename -" + with + "\n",
	}
	eachMachine(t, func(t *testing.T, m *machine) {
		m.stub("kubectl", kubectlStub)
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf")))
		m.stub("curl", "[ ! -e /t/down ]")
		same(t, "no cluster", m.do("plan"), res("plan", "manifest", "a", "blocked", "needs file /etc/admin.conf: it is not there, so there is no API server to ask", "differs"))
		m.write("etc/admin.conf", "x")
		m.write("t/down", "")
		same(t, "down", m.do("plan"), res("plan", "manifest", "a", "blocked", "needs the API server: it does not answer", "differs"))
		m.calls()
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf"),
			call("manifest", "b", "name=b", "content=ConfigMap - b\n", "sha256=22", "kubeconfig=/etc/admin.conf")))
		same(t, "both", statuses(m.do("plan")), "manifest a blocked\nmanifest b blocked\n")
		same(t, "not asked", calls(m), "")
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf")))
		m.check(os.Remove(m.path("t/down")))
		m.calls()
		same(t, "plan", m.do("plan"), res("plan", "manifest", "a", "differs", "v1.ConfigMap.default.a", "differs"))
		same(t, "asked", calls(m), known+strings.Repeat("kubectl diff"+ours, 3))
		same(t, "apply", m.do("apply"), res("apply", "manifest", "a", "changed", "v1.ConfigMap.default.a", "changed"))
		same(t, "live", m.read("t/live"), "ConfigMap - a\n\n")
		same(t, "objects", m.read("t/objects"), "v1 ConfigMap - a\n")
		same(t, "calls", calls(m), known+strings.Repeat("kubectl diff"+ours, 3)+strings.Join(record, "")+"kubectl apply"+ours+known+"kubectl diff"+ours)
		same(t, "again", m.do("apply"), res("apply", "manifest", "a", "ok", "", "ok"))

		// What was compared once, and nobody has touched since, is not compared again.
		m.write("t/version", `{"kind":"ConfigMap"} 7`)
		m.calls()
		same(t, "compared", m.do("apply"), res("apply", "manifest", "a", "ok", "", "ok"))
		same(t, "compared, and noted", calls(m), known+"kubectl diff"+ours)
		same(t, "known", m.do("plan"), res("plan", "manifest", "a", "ok", "", "ok"))
		same(t, "not compared", calls(m), knownOfAll)
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf"),
			call("manifest", "b", "name=b", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf")))
		m.write("t/version", `{"kind":"ConfigMap"} 7`)
		same(t, "one more", statuses(m.do("apply")), "manifest a ok\nmanifest b changed\n")
		m.calls()
		same(t, "both, known", statuses(m.do("plan")), "manifest a ok\nmanifest b ok\n")
		same(t, "asked once for both", calls(m), knownOfAll)
		same(t, "what was asked", m.read("t/said"), `{"kind":"ConfigMap"}`+"\n")
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf")))
		m.write("t/live", "ConfigMap - else\n")
		m.write("t/version", `{"kind":"ConfigMap"} 8`)
		same(t, "touched", m.do("apply"), res("apply", "manifest", "a", "changed", "v1.ConfigMap.default.a", "changed"))
		m.calls()
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - b\n", "sha256=12", "kubeconfig=/etc/admin.conf")))
		same(t, "another manifest", m.do("plan"), res("plan", "manifest", "a", "differs", "v1.ConfigMap.default.a", "differs"))
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\n", "sha256=11", "kubeconfig=/etc/admin.conf")))
		m.check(os.Remove(m.path("t/version")))
		m.write("t/unclear", "")
		if got := m.do("apply"); !strings.Contains(got, "\tchanged\tm.hcl:1:1\tthe API server cannot say what it would change; the log says why\n") {
			t.Error(got)
		}
		m.write("t/mark", "")
		same(t, "a run was killed before its end", m.do("apply"), res("apply", "manifest", "a", "changed", "the record of its objects", "changed"))
	})
}

// What left the manifest leaves the cluster, if it is ours alone and holds nothing else;
// the record is right before and after.
func TestManifestPrunes(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.stub("kubectl", kubectlStub)
		m.stub("curl", ":")
		m.write("etc/admin.conf", "x")
		m.write("t/objects", "v1 ConfigMap - a\nv1 ConfigMap x gone\nv1 Namespace - x\nv1 ConfigMap - foreign\nv1 ConfigMap - lost\nv1 ConfigMap - moved\nv1 ConfigMap - b\n")
		m.write("t/others", "v1 ConfigMap - moved\n\nv1 ConfigMap - other\n")
		m.install(one(call("manifest", "a", "name=a", "content=ConfigMap - a\nConfigMap - new\n", "sha256=22", "kubeconfig=/etc/admin.conf")))
		got := m.do("apply")
		for _, note := range []string{
			"ConfigMap gone left the manifest and goes", "ConfigMap b left the manifest and goes",
			"Namespace x left the manifest and stays: more than itself would go with it; kubectl delete removes it",
			"ConfigMap foreign left the manifest and stays: nothing of it is ours any more",
		} {
			if !strings.Contains(got, note) {
				t.Errorf("not said: %s\n%s", note, got)
			}
		}
		same(t, "deleted", m.read("t/deleted"), `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"gone","namespace":"x"}}
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}
`)
		same(t, "objects", m.read("t/objects"), "v1 ConfigMap - a\nv1 ConfigMap - new\n")
		same(t, "again", m.do("apply"), res("apply", "manifest", "a", "ok", "", "ok"))
	})
}
