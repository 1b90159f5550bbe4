package lib_test

import (
	"os"
	"strings"
	"testing"
)

// kubectlStub is a cluster of one object, in /t/live: diff compares what it is given,
// apply takes it, and get asks whether there is a cluster, which /t/down says is not so.
const kubectlStub = `verb=$1
[ ! -e /t/down ] || exit 2
while [ "$#" -gt 1 ]; do
	[ "$1" != --filename ] || from=$2
	shift
done
case $verb in
diff | apply) [ "$from" != - ] || { from=/t/given; cat >"$from"; } ;;
esac
case $verb in
diff)
	[ ! -e /t/unclear ] || exit 2
	cmp -s "$from" /t/live && exit 0
	echo "Files /x/LIVE-1/v1.ConfigMap.default.a and /x/MERGED-1/v1.ConfigMap.default.a differ"
	exit 1
	;;
apply) cat "$from" >/t/live && rm -f /t/unclear ;;
esac
`

// What the server would change is applied, by our field manager; without a server it is
// blocked, and a manifest that the server cannot judge yet is applied.
func TestManifest(t *testing.T) {
	const with = " --kubeconfig /etc/admin.conf --cache-dir /run/sprayc/kubectl --server-side --force-conflicts --field-manager sprayc --filename -\n"
	eachMachine(t, func(t *testing.T, m *machine) {
		m.stub("kubectl", kubectlStub)
		m.install(one(call("manifest", "a", "name=a", "content=kind: ConfigMap\n", "kubeconfig=/etc/admin.conf")))
		same(t, "no cluster", m.do("plan"), res("plan", "manifest", "a", "blocked", "needs file /etc/admin.conf: it is not there, so there is no API server to ask", "differs"))
		m.write("etc/admin.conf", "x")
		m.write("t/down", "")
		same(t, "down", m.do("plan"), res("plan", "manifest", "a", "blocked", "needs the API server: it does not answer", "differs"))
		m.check(os.Remove(m.path("t/down")))
		m.calls()
		same(t, "plan", m.do("plan"), res("plan", "manifest", "a", "differs", "v1.ConfigMap.default.a", "differs"))
		same(t, "asked", m.calls(), strings.Repeat("kubectl diff"+with, 3))
		same(t, "apply", m.do("apply"), res("apply", "manifest", "a", "changed", "v1.ConfigMap.default.a", "changed"))
		same(t, "live", m.read("t/live"), "kind: ConfigMap\n")
		same(t, "calls", m.calls(), strings.Repeat("kubectl diff"+with, 3)+"kubectl apply"+with+"kubectl diff"+with)
		same(t, "again", m.do("apply"), res("apply", "manifest", "a", "ok", "", "ok"))
		m.write("t/unclear", "")
		if got := m.do("apply"); !strings.Contains(got, "\tchanged\tm.hcl:1:1\tthe API server cannot say what it would change; the log says why\n") {
			t.Error(got)
		}
	})
}
