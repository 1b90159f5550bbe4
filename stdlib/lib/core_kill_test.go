package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A run is killed with signal 9 before and after every command that it, or whoever started
// it, runs; a second run must reach the same end, restarts included.
func TestKilled(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		unit := "[Service]\nExecStart=/bin/true\n"
		b := bundleText{
			steps: [][2]string{
				{"m/a", stepText("m/a",
					call("directory", "/etc/app", "path=/etc/app", "mode=0750"),
					fileCall("/etc/app/a", "new\n", "mode=0600", "notify=service:app.service"),
					call("file", "/etc/app/b", "path=/etc/app/b", "payload=$SPRAY_STEPS/m/b", "sha256="+digest("payload\n"), "mode=0755", "notify=service:app.service"),
					call("symlink", "/etc/app/l", "path=/etc/app/l", "target=b"),
					call("line", "l", "name=l", "path=/etc/group", "line=app:x:7:"),
					call("hosts_entry", "10.0.0.1", "address=10.0.0.1", "names=app"),
					call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/xp.sh", "act=$SPRAY_STEPS/m/xa.sh"))},
				{"m/s", stepText("m/s", call("service", "app.service", "name=app.service", "unit="+unit, "unit.sha256="+digest(unit),
					"dropins.e.conf="+unit, "dropins.e.conf.sha256="+digest(unit), "enabled=true", "running=true"),
					`verify 'it runs' 'm.hcl:2:2' "$SPRAY_STEPS/m/v.sh"`)},
			},
			files: map[string]string{"steps/m/b": "payload\n",
				"steps/m/xp.sh": `if [ -e /etc/app/x ]; then ok; else differs no; fi`,
				"steps/m/xa.sh": "cat /etc/app/a >/etc/app/.x\nmv /etc/app/.x /etc/app/x",
				"steps/m/v.sh":  "[ -e /sd/active.app.service ]"},
		}
		// The host runs an older service: what it was started with is what it has read.
		m.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 app\n")
		m.write("etc/app.old", "")
		old := one(fileCall("/etc/app.old", "mine\n"), call("service", "app.service", "name=app.service", "unit=[Service]\n", "unit.sha256="+digest("[Service]\n"), "running=true"))
		stub := strings.Replace(systemctlStub, "start | restart)\n", "start | restart)\n\tcat /etc/app/a /etc/systemd/system/app.service /etc/systemd/system/app.service.d/* >/sd/read 2>/dev/null || :\n", 1)
		m.write("t/stubs/systemctl", stub)
		m.install(old)
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Fatal(got)
		}
		m.install(b)
		m.check(os.RemoveAll(m.path("run/sprayc")))
		state := func() string {
			m.t.Helper()
			return m.tree("etc") + m.read("etc/app/a") + m.read("etc/app/x") + m.read("etc/hosts") + m.read("etc/group") + m.read("etc/app.old") + m.read("sd/read") +
				m.tree("var/lib/sprayc/marks") + m.tree("var/lib/sprayc/before") + m.tree("sd/enabled.app.service")
		}
		run := func() string {
			m.runs++
			got := m.said(fmt.Sprintf("sh /b/run.sh start k%d apply", m.runs))
			switch {
			case strings.Contains(got, "end\tlost\n"), strings.HasSuffix(got, "exit -1\n"):
				return "exit -1\n"
			case strings.HasSuffix(got, "end\tchanged\n"):
				return "changed\n"
			case strings.HasSuffix(got, "end\tok\n"):
				return "ok\n"
			}
			return got + "exit\n"
		}
		m.sweep("uname stat sha256sum cat cp mv rm rmdir ln mkdir chmod chown readlink systemctl", "etc sd var run", run, state)
	})
}
