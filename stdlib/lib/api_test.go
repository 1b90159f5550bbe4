package lib_test

import (
	"os"
	"strings"
	"testing"
)

// One API server of several is asked at its own address, whatever the kubeconfig names, and what is
// found of it is not of the others.
func TestNeedsOneAPI(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.stub("sleep", ":")
		m.stub("curl", `case $* in *10.0.0.1:*) exit 7 ;; esac`)
		m.write("etc/admin.conf", "    server: https://api:6443\n")
		m.install(execBundle("api_answers /etc/admin.conf https://10.0.0.1:6443 || note away\nneeds_api /etc/admin.conf https://10.0.0.2:6443 || return 0\nneeds_api /etc/admin.conf || return 0\nok", ":"))
		if said := m.do("plan"); !strings.Contains(said, "note\tm/s\taway\n") || !strings.Contains(said, "\tok\tm.hcl:1:1") {
			t.Errorf("said\n%s", said)
		}
		if calls := m.calls(); !strings.Contains(calls, " https://10.0.0.2:6443/readyz\n") || !strings.Contains(calls, " https://api:6443/readyz\n") || strings.Count(calls, "10.0.0.1") != 5 {
			t.Errorf("asked\n%s", calls)
		}
	})
}

// The API server is asked at the address that the kubeconfig names, until it answers, five
// times at most; what a plan has found silent it does not ask again.
func TestNeedsAPI(t *testing.T) {
	const probe = "needs_api /etc/admin.conf || return 0\nok"
	eachMachine(t, func(t *testing.T, m *machine) {
		m.stub("sleep", ":")
		// It answers when /t/refusals is used up.
		m.stub("curl", `[ ! -e /t/down ] || exit 7
read -r left </t/refusals || left=
[ -n "$left" ] || exit 0
printf '%s\n' "${left#x}" >/t/refusals
exit 7
`)
		two := execBundle(probe, ":")
		two.steps[0][1] = stepText("m/s",
			call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"),
			call("exec", "y", "name=y", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"))
		m.install(two)
		verdict := func(operation string) string {
			var said []string
			for _, line := range strings.Split(m.do(operation), "\n") {
				if strings.HasPrefix(line, "res\t") {
					said = append(said, strings.Join(strings.Split(line, "\t")[3:], " "))
				}
			}
			return strings.Join(said, "\n")
		}

		same(t, "no kubeconfig", verdict("plan"), "x blocked m.hcl:1:1 needs file /etc/admin.conf: it is not there, so there is no API server to ask\n"+
			"y blocked m.hcl:1:1 needs file /etc/admin.conf: it is not there, so there is no API server to ask")
		m.write("etc/admin.conf", "clusters:\n- cluster:\n    server: \"https://[2001:db8::1]:6443\"\n  name: c\n")
		m.write("t/refusals", "xxxx\n")
		same(t, "after four refusals", verdict("apply"), "x ok m.hcl:1:1\ny ok m.hcl:1:1")
		if calls := m.calls(); !strings.Contains(calls, " https://[2001:db8::1]:6443/readyz\n") {
			t.Errorf("asked elsewhere: %s", calls)
		}
		m.write("t/down", "")
		m.calls()
		same(t, "silent", verdict("plan"), "x blocked m.hcl:1:1 needs the API server: it does not answer\ny blocked m.hcl:1:1 needs the API server: it does not answer")
		if n := strings.Count(m.calls(), "curl "); n != 5 {
			t.Errorf("a plan of two has asked %d times", n)
		}
		m.check(os.Remove(m.path("t/down")))
		same(t, "another run asks anew", verdict("plan"), "x ok m.hcl:1:1\ny ok m.hcl:1:1")
	})
}
