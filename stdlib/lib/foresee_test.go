package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// foreseen are the events of a plan that say how files differ and what is interrupted.
func foreseen(events string) string {
	var all strings.Builder
	for line := range strings.Lines(events) {
		if strings.HasPrefix(line, "diff\t") || strings.HasPrefix(line, "reaction\t") {
			all.WriteString(line)
		}
	}
	return all.String()
}

// found are the other events.
func found(events string) string {
	var all strings.Builder
	for line := range strings.Lines(events) {
		if foreseen(line) == "" {
			all.WriteString(line)
		}
	}
	return all.String()
}

// diffLine is the event of a file's diff.
func diffLine(status, path string, cut int, text string) string {
	return fmt.Sprintf("diff\tm/s\tfile\t%s\t%s\t%s\t%d\t%s\n", path, status, path, cut, text)
}

// A plan shows how a file that is there differs, and of what not everybody may read there
// only what the bundle has; of values that are known only while running nothing.
func TestCompare(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/a", "one\n\ttwo \\n 'q'\nthree\n"), fileCall("/etc/new", "new\n")))
		m.write("etc/a", "one\n\ttwo\nthree\n")
		open := diffLine("shown", "/etc/a", 0, `@@ -1,3 +1,3 @@\n one\n-\ttwo\n+\ttwo \\n 'q'\n three`)
		same(t, "open", foreseen(m.do("plan")), open)
		same(t, "brief", foreseen(m.do("plan --brief")), "")

		masked := diffLine("masked", "/etc/a", 0, `@@ -1,3 +1,3 @@\n one\n-***\n+\ttwo \\n 'q'\n three`)
		m.check(os.Chmod(m.path("etc/a"), 0o640))
		same(t, "others may not read it", foreseen(m.do("plan")), masked)
		m.check(os.Chmod(m.path("etc/a"), 0o644))
		m.check(os.Chmod(m.path("etc"), 0o750))
		same(t, "others may not enter its folder", foreseen(m.do("plan")), masked)
		m.check(os.Chmod(m.path("etc"), 0o755))
		m.install(one(fileCall("/etc/a", "one\n\ttwo \\n 'q'\nthree\n", "mode=0600")))
		same(t, "others will not read it", foreseen(m.do("plan")), masked)

		m.write("run/sprayc/in/token", "secret\n")
		m.install(bundleText{live: "token\t[a-z]+\tm/s\n", steps: [][2]string{{"m/s", stepText("m/s", call("file", "/etc/a", "path=/etc/a", "parts=token ", "parts=$SPRAY_IN/token"))}}})
		same(t, "live", foreseen(m.do("plan")), diffLine("withheld", "/etc/a", 0, "it is made of values that are known only while running"))
	})
}

// What a file holds here may be anything: it is bounded, and nothing that a terminal obeys.
func TestCompareBounds(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/a", "new\n")))
		for _, odd := range []struct{ what, content, why string }{
			{"binary", "a\x00b\n", "it is no text"},
			{"control characters", "a\x1b[2Jb\n", "it has control characters in it"},
			{"large", strings.Repeat("x\n", 600000), "it is too large, or went away"},
		} {
			m.write("etc/a", odd.content)
			same(t, odd.what, foreseen(m.do("plan")), diffLine("withheld", "/etc/a", 0, odd.why))
		}
		m.write("etc/a", strings.Repeat("old\n", 300))
		same(t, "many lines", foreseen(m.do("plan")), diffLine("shown", "/etc/a", 182, `@@ -1,300 +1 @@`+strings.Repeat(`\n-old`, 119)))
		m.write("etc/a", strings.Repeat("x", 1000)+"\r\n")
		same(t, "a long line", foreseen(m.do("plan")), diffLine("shown", "/etc/a", 0, `@@ -1 +1 @@\n-`+strings.Repeat("x", 239)+`...\n+new`))
		m.write("etc/a", "b\r\n\\\nno newline")
		same(t, "odd characters", foreseen(m.do("plan")), diffLine("shown", "/etc/a", 0, `@@ -1,3 +1 @@\n-b\\r\n-\\\n-no newline\n\\ No newline at end of file\n+new`))
		m.write("etc/a", "\xff\xfe broken\n")
		latin := diffLine("shown", "/etc/a", 0, `@@ -1 +1 @@\n-`+"\xff\xfe"+` broken\n+new`)
		if m.shell[0] == shells["yash"][0] { // which takes in nothing but UTF-8
			latin = diffLine("withheld", "/etc/a", 0, "it is no text")
		}
		same(t, "not UTF-8", foreseen(m.do("plan")), latin)
	})
}

// A plan says which services and scripts interrupt what serves, and which do not.
func TestReactions(t *testing.T) {
	unit := func(text string, args ...string) string {
		return call("service", "app.service", append([]string{"name=app.service", "unit=" + text, "unit.sha256=" + digest(text), "disruptive=true"}, args...)...)
	}
	reaction := func(kind, name, status, what string) string {
		return "reaction\tm/s\t" + kind + "\t" + name + "\t" + status + "\t" + what + "\n"
	}
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(unit("[Service]\n", "running=true")))
		same(t, "not there", foreseen(m.do("plan")), reaction("service", "app.service", "differs", "start\tfalse"))
		m.do("apply")
		same(t, "as wanted", foreseen(m.do("plan")), "")
		m.install(one(unit("[Service]\nUser=x\n", "running=true")))
		same(t, "its unit", foreseen(m.do("plan")), "diff\tm/s\tservice\tapp.service\tshown\t/etc/systemd/system/app.service\t0\t@@ -1 +1,2 @@\\n [Service]\\n+User=x\n"+
			reaction("service", "app.service", "differs", "restart\ttrue"))
		m.install(one(unit("[Service]\n", "enabled=true")))
		same(t, "enabled alone", foreseen(m.do("plan")), "")
		m.install(one(unit("[Service]\n", "running=false")))
		same(t, "stopped", foreseen(m.do("plan")), reaction("service", "app.service", "differs", "stop\ttrue"))
		m.install(one(fileCall("/etc/a", "1\n", "notify=service:app.service"), unit("[Service]\n", "reaction=reload")))
		same(t, "notified", foreseen(m.do("plan")), reaction("service", "app.service", "differs", "reload\ttrue"))
		m.install(execBundle("differs no", ":", "disruptive=true"))
		same(t, "a script", foreseen(m.do("plan")), reaction("exec", "x", "differs", "run\ttrue"))
	})
}
