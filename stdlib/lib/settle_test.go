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
			changed("/etc/a") + "res\tm/s\tfile\t/etc/no/b\tfailed\tm.hcl:1:1\tthere is no folder /etc/no; declare it: directory \"/etc/no\" {}\n", "failed"},
		{"one fails upon another that is not as wanted",
			[]string{fileCall("/etc/a", "a\n"), wrong, fileCall("/etc/b/c", "c\n")},
			changed("/etc/a") + "res\tm/s\tfile\t/etc/b\tfailed\tm.hcl:1:1\tchanged, and still not as wanted: has other content\n" +
				"note\tm/s\tfile /etc/b/c: /etc/b is not a folder\n", "failed"},
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

// Lines of one file that come one after the other are written together, at the latest before
// anything else is done.
func TestLinesAreWrittenTogether(t *testing.T) {
	line := func(text string, more ...string) string {
		return call("line", text, append([]string{"name=" + text, "path=/etc/l", "line=" + text}, more...)...)
	}
	changed := func(name, why string) string {
		return "res\tm/s\tline\t" + name + "\tchanged\tm.hcl:1:1\t/etc/l " + why + "\n"
	}
	lacks := "does not have the line"
	for _, c := range []struct {
		name        string
		calls       []string
		want, there string
		end         string
	}{
		{"one after the other",
			[]string{line("a"), line("b"), line("old"), line("c")},
			"res\tm/s\tline\told\tok\tm.hcl:1:1\n" + changed("a", lacks) + changed("b", lacks) + changed("c", lacks), "old\na\nb\nc\n", "changed"},
		{"one replaces what begins as it",
			[]string{line("a"), line("old=2", "starts=ol"), line("b"), line("old", "state=absent")},
			"res\tm/s\tline\told\tok\tm.hcl:1:1\n" + changed("a", lacks) + changed("old=2", lacks) + changed("b", lacks), "old=2\na\nb\n", "changed"},
		{"the file is made",
			[]string{line("a", "create=true"), line("b")},
			changed("a", "is not there") + changed("b", lacks), "a\nb\n", "changed"},
		{"a file comes between",
			[]string{line("a"), fileCall("/etc/f", "f\n"), line("b")},
			changed("a", lacks) + "res\tm/s\tfile\t/etc/f\tchanged\tm.hcl:1:1\tis not there\n" + changed("b", lacks), "old\na\nb\n", "changed"},
		{"what comes next fails",
			[]string{line("a"), line("b"), fileCall("/etc/no/f", "f\n")},
			changed("a", lacks) + changed("b", lacks) + "res\tm/s\tfile\t/etc/no/f\tfailed\tm.hcl:1:1\tthere is no folder /etc/no; declare it: directory \"/etc/no\" {}\n", "old\na\nb\n", "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachMachine(t, func(t *testing.T, m *machine) {
				if !strings.Contains(c.calls[0], "create=true") {
					m.write("/etc/l", "old\n")
				}
				m.install(one(c.calls...))
				exit := "exit 1\n"
				if c.end == "changed" {
					exit = ""
				}
				same(t, "apply", m.do("apply"), begin("apply")+"step\tm/s\tbegin\n"+c.want+"step\tm/s\t"+c.end+"\nend\t"+c.end+"\n"+exit)
				same(t, "the file", m.read("/etc/l"), c.there)
			})
		})
	}
}
