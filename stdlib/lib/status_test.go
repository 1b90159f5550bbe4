package lib_test

import "testing"

// What a script says of the status are events, also when it fails then, and nothing fails with
// it; one that only checks stands for itself. It is asked for by verify alone.
func TestStatus(t *testing.T) {
	const script = `case $(cat /etc/how) in
well) ;;
says)
	status ok w1 'Ready, v1.36.4'
	status bad 'w  2' "not	Ready: a \\ b" 'on w2: systemctl start kubelet'
	status warn '' 'no room soon'
	;;
fails)
	status ok w1 ''
	fail 'no answer'
	;;
differs) differs 'it is off' ;;
blocked) blocked 'the API server' 'it does not answer' ;;
found)
	found health ok well /health
	found state active dead systemctl 'start it'
	;;
dies) false ;;
wrong) status good w1 '' ;;
esac
`
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(`report_status node 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": script}
		m.install(b)
		const line, end = "status\tm/s\tm.hcl:9:1\tnode\t", "step\tm/s\tok\nend\tok\n"
		says := func(how, lines string) {
			t.Helper()
			m.write("etc/how", how+"\n")
			same(t, how, m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+lines+end)
		}
		says("well", line+"ok\tone\t\t\n")
		says("fails", line+"ok\tw1\t\t\n"+line+"bad\tone\tno answer\t\n")
		says("differs", line+"bad\tone\tit is off\t\n")
		says("blocked", "")
		says("found", line+"bad\tone\thealth is well, not ok (/health); state is dead, not active (systemctl); start it\t\n")
		says("dies", line+"bad\tone\texit status 1; the log says more\t\n")
		says("wrong", line+"bad\tone\tstatus takes ok, warn or bad, not good\t\n")
		says("says", line+"ok\tw1\tReady, v1.36.4\t\n"+line+`bad	w  2	not\tReady: a \\ b	on w2: systemctl start kubelet`+"\n"+line+"warn\t\tno room soon\t\n")
		same(t, "by hand", m.said("sh /b/run.sh verify"), `ok       node of w1: Ready, v1.36.4
bad      node of w  2: not\tReady: a \\ b; on w2: systemctl start kubelet
warn     node: no room soon
ok       m/s
end      ok
`)
		for _, operation := range []string{"plan", "apply"} {
			same(t, operation, m.do(operation), begin(operation)+"step\tm/s\tbegin\n"+end)
		}
	})
}

// A brief verify only tells what is reported: it probes and checks nothing, and does not mind
// that another run is at work.
func TestStatusMeanwhile(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, `: >/t/begun
while [ ! -e /t/go ]; do sleep 0.05; done
: >/etc/x`)
		b.steps[0][1] = stepText("m/s", call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"),
			`verify 'it is there' 'm.hcl:8:1' "$SPRAY_STEPS/m/check.sh"`, `report_status node 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files["steps/m/check.sh"], b.files["steps/m/v.sh"] = "fail 'it is not there'\n", "status ok w1 Ready\n"
		m.install(b)
		got := m.said(`sh /b/run.sh start r1 apply >/t/first &
while [ ! -e /t/begun ]; do sleep 0.05; done
sh /b/run.sh start r2 verify m/s >/t/second 2>&1; echo "status $?"
sh /b/run.sh start r3 verify --brief m/s | sed 1d
sh /b/run.sh status | sed -n 's/ (.*//p'
: >/t/go
wait`)
		same(t, "meanwhile", got, "status 75\nstep\tm/s\tbegin\nstatus\tm/s\tm.hcl:9:1\tnode\tok\tw1\tReady\t\nstep\tm/s\tok\nend\tok\nrunning\trun r1\n")
	})
}
