package lib_test

import (
	"strings"
	"testing"
)

// What several files became is seen by one look, before anything else is done: also when
// that then fails, is held, or when one of the files is not as it should be.
func TestSettle(t *testing.T) {
	changed := func(name string) string {
		return "res\tm/s\tfile\t" + name + "\tchanged\tm.hcl:1:1\tis not there\n"
	}
	wrong := strings.Replace(fileCall("/etc/b", "b\n"), digest("b\n"), digest("other\n"), 1)
	for _, c := range []struct {
		name  string
		calls []string
		want  string
		end   string
	}{
		{"an act of another kind fails",
			[]string{fileCall("/etc/a", "a\n"), fileCall("/etc/b", "b\n"),
				call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/xp.sh", "act=$SPRAY_STEPS/m/xa.sh"), fileCall("/etc/c", "c\n")},
			changed("/etc/a") + changed("/etc/b") + "res\tm/s\texec\tx\tfailed\tm.hcl:1:1\tbroken\n", "failed"},
		{"one is not as wanted",
			[]string{fileCall("/etc/a", "a\n"), wrong, fileCall("/etc/c", "c\n"), call("wait", "w", "path=/etc/never")},
			changed("/etc/a") + "res\tm/s\tfile\t/etc/b\tfailed\tm.hcl:1:1\tchanged, and still not as wanted: has other content\n" + changed("/etc/c"), "failed"},
		{"one of the same kind fails",
			[]string{fileCall("/etc/a", "a\n"), fileCall("/etc/no/b", "b\n"), fileCall("/etc/c", "c\n")},
			"res\tm/s\tfile\t/etc/no/b\tfailed\tm.hcl:1:1\tthere is no folder /etc/no; declare it: directory \"/etc/no\" {}\n" + changed("/etc/a"), "failed"},
		{"one is held",
			[]string{fileCall("/etc/a", "a\n"), call("file", "/etc/b", "path=/etc/b", "parts=$SPRAY_IN/token", "mode=0600")},
			"live\tm/s\ttoken\nres\tm/s\tfile\t/etc/b\theld\tm.hcl:1:1\tneeds a value that is known only while running: token (sh run.sh input NAME)\n" + changed("/etc/a"), "held"},
		{"a check comes",
			[]string{fileCall("/etc/a", "a\n"), `verify 'it is there' 'm.hcl:2:2' "$SPRAY_STEPS/m/v.sh"`, fileCall("/etc/c", "c\n")},
			changed("/etc/a") + "verify\tm/s\tok\tm.hcl:2:2\tit is there\n" + changed("/etc/c"), "changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachMachine(t, func(t *testing.T, m *machine) {
				b := one(c.calls...)
				b.files = map[string]string{"steps/m/xp.sh": "differs no\n", "steps/m/xa.sh": "fail broken\n", "steps/m/v.sh": "[ -e /etc/a ]\n"}
				m.install(b)
				exit := "exit 1\n"
				if c.end == "changed" {
					exit = ""
				}
				same(t, "apply", m.do("apply"), begin("apply")+"step\tm/s\tbegin\n"+c.want+"step\tm/s\t"+c.end+"\nend\t"+c.end+"\n"+exit)
			})
		})
	}
}
