package lib_test

import (
	"os"
	"strings"
	"testing"
)

// A restart or reload that systemd did not do is an error, and stays due: before, the mark
// of it went with the call of systemctl, whatever that had done.
func TestReactionThatIsNone(t *testing.T) {
	for _, reaction := range []string{"restart", "reload"} {
		t.Run(reaction, func(t *testing.T) {
			eachMachine(t, func(t *testing.T, m *machine) {
				m.write("sd/packaged.a.service", "")
				m.write("sd/active.a.service", "")
				m.write("sd/deaf.a.service", "")
				m.install(one(fileCall("/etc/a", "a\n", "notify=service:a.service"),
					call("service", "a.service", "name=a.service", "running=true", "reaction="+reaction)))
				failed := "\tfailed\tm.hcl:1:1\tsystemctl " + reaction + " a.service has changed nothing: the unit is in the same state since before\n"
				for range 2 {
					if said := m.do("apply"); !strings.Contains(said, failed) {
						t.Fatal(said)
					}
				}
				m.check(os.Remove(m.path("sd/deaf.a.service")))
				same(t, "then", statuses(m.do("apply")), "file /etc/a ok\nservice a.service changed\n")
				same(t, "again", statuses(m.do("apply")), "file /etc/a ok\nservice a.service ok\n")
			})
		})
	}
}
