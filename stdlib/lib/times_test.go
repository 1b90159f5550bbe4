package lib_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// A host keeps the last five times of each step that changed something there, and a plan
// tells them. What was spent before a step had to wait counts.
func TestTimes(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		const file = "var/lib/sprayc/times/m%s"
		kept := func(what, want string) {
			t.Helper()
			if got := m.read(file); !regexp.MustCompile("^(?:" + want + ")\n$").MatchString(got) {
				t.Errorf("%s: %q is not as %s", what, got, want)
			}
		}
		told := func() string {
			t.Helper()
			m.runs++
			return strings.Join(timesLine.FindAllString(m.said("sh /b/run.sh start p"+string(rune('a'+m.runs))+" plan"), -1), "")
		}
		m.install(one(fileCall("/etc/a", "1\n")))
		same(t, "nothing is known", told(), "")
		m.do("apply")
		kept("the first", "[0-9]{1,5}")
		same(t, "no more than the owner reads it", m.tree("var/lib/sprayc/times"), "0600 m%s\n")

		for _, five := range []string{"50 40 30 20 10", "+0 50 40 30 20 10"} {
			m.write(file, five+"\n")
			same(t, "told", told(), "times\tm/s\t50 40 30 20 10\n")
			same(t, "brief", timesLine.FindString(m.said("sh /b/run.sh start b"+five[:1]+" plan --brief")), "")
			m.do("apply")
			same(t, "nothing changed", m.read(file), five+"\n")
			m.check(os.Remove(m.path("etc/a")))
			m.do("apply")
			kept("of six", "[0-9]{1,5} 50 40 30 20")
		}

		// Begun, and held: a day of work is not forgotten.
		m.install(execBundle("if [ -e /etc/x ]; then ok; else differs no; fi", ": >/etc/x", "disruptive=true"))
		m.write(file, "+864000 50\n")
		m.do("apply --hold")
		kept("held", `\+8640[0-9]{2} 50`)
		m.do("apply")
		kept("done", "8640[0-9]{2} 50")

		for _, broken := range []string{"", "x", "1 2 x", "50 +3", "+", "+08 1", "999999999 1", "1;reboot"} {
			m.write(file, broken)
			same(t, "broken", told(), "")
			m.check(os.Remove(m.path("etc/x")))
			m.do("apply")
			kept("after "+broken, "[0-9]{1,5}")
		}
		m.check(os.RemoveAll(m.path("var/lib/sprayc/times")))
		m.check(os.Remove(m.path("etc/x")))
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Errorf("without the folder:\n%s", got)
		}
	})
}
