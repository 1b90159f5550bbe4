package lib_test

import (
	"os"
	"strings"
	"testing"
)

// Verify asks the resources too: each that is not as wanted has failed, and keeps none of the
// others from being asked. Nothing is changed, and no value is waited for that is known only
// while running. It asked the verify blocks alone: a file that somebody had edited was well.
func TestVerifyAsksTheResources(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(fileCall("/etc/a", "1\n"), fileCall("/etc/b", "2\n"),
			call("file", "/etc/t", "path=/etc/t", "parts=TOKEN=", "parts=$SPRAY_IN/k.token", "mode=0600"),
			call("file", "/etc/c", "path=/etc/c", "content=3\n", "sha256="+digest("3\n"), "when=false"),
			call("service", "x.service", "name=x.service", "running=true"),
			`verify 'it works' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": "ok\n"}
		b.live = "k.token\t[a-z]+\tm/s\n"
		m.install(b)
		m.write("etc/a", "1\n")
		m.write("etc/b", "edited\n")
		before := m.tree("etc")
		line := func(what, status, text string) string {
			if text != "" {
				text = "\t" + text
			}
			return "res\tm/s\t" + what + "\t" + status + "\tm.hcl:1:1" + text + "\n"
		}
		want := begin("verify") + "step\tm/s\tbegin\n" + line("file\t/etc/a", "ok", "") + line("file\t/etc/b", "failed", "has other content") +
			"live\tm/s\tk.token\n" + line("file\t/etc/t", "failed", "is not there") +
			line("file\t/etc/c", "skipped", "its condition is false on this host") +
			line("service\tx.service", "failed", "needs a unit x.service: no package or file has brought it") +
			"verify\tm/s\tok\tm.hcl:9:1\tit works\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n"
		same(t, "verify", m.do("verify"), want)
		same(t, "what it left", m.tree("etc"), before)
		same(t, "marks", m.said("ls /var/lib/sprayc/marks /var/lib/sprayc/owned 2>/dev/null"), "exit 2\n")

		m.write("etc/b", "2\n")
		m.write("etc/t", "TOKEN=minted")
		m.check(os.Chmod(m.path("etc/t"), 0o600))
		m.write("etc/systemd/system/x.service", "")
		m.write("sd/active.x.service", "")
		got := m.do("verify")
		if strings.Contains(got, "failed") || !strings.HasSuffix(got, "end\tok\n") {
			t.Errorf("all is well, and it says:\n%s", got)
		}
		if n := strings.Count(got, "\tok\tm.hcl:1:1\n"); n != 4 {
			t.Errorf("%d of 4 resources are ok:\n%s", n, got)
		}
	})
}
