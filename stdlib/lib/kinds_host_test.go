package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// whole bundles: every kind of this part with the real driver, from the collected quick
// check to the removal of orphans.
func allKinds(m *machine, s *served, archive, program string) []string {
	stubApt(m.world)
	stubAccounts(m.world)
	m.check(os.Remove(m.path("t/stubs/sleep"))) // the driver's, between looks at the events
	m.mkdir("opt")
	m.write("sys/module/br_netfilter/initstate", "live\n")
	key := "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n-----END PGP PUBLIC KEY BLOCK-----\n"
	return []string{
		call("repository", "internal", "name=internal", "url=http://x/debian", "suites=./", "key="+key, "key.sha256="+digest(key)),
		call("package", "tool", "name=tool", "version=1.0-1", "hold=true"),
		call("package", "base", "name=base"),
		call("kernel_module", "br_netfilter", "name=br_netfilter", "options=a=1"),
		call("group", "etcd", "name=etcd", "system=true"),
		call("user", "etcd", "name=etcd", "group=etcd", "home=/var/lib/etcd"),
		call("sysctl", "kernel.ostype", "key=kernel.ostype", "value=Linux"),
		call("archive", "/opt/tool", append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "tool.tar.gz", archive, "tar.gz", "1")...)...),
		call("binary", "/opt/bin/program", append([]string{"path=/opt/bin/program"}, artifact(s, "program", program, "binary", "2")...)...),
		call("binary", "/opt/bin/alias", append([]string{"path=/opt/bin/alias", "member=tool-1/bin/tool"}, artifact(s, "tool.tar.gz", archive, "tar.gz", "1")...)...),
	}
}

// statuses are the resource and orphan events, shortened.
func statuses(events string) string {
	var all strings.Builder
	for line := range strings.Lines(events) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case fields[0] == "res" && len(fields) > 4:
			fmt.Fprintf(&all, "%s %s %s\n", fields[2], fields[3], fields[4])
		case fields[0] == "orphan":
			fmt.Fprintf(&all, "orphan %s\n", strings.Join(fields[1:4], " "))
		}
	}
	return all.String()
}

func TestKindsWithTheDriver(t *testing.T) {
	archive, program := targz(t, toolV1...), "program"
	eachMachine(t, func(t *testing.T, m *machine) {
		s := serve(t, nil)
		s.answer = byName(map[string]string{"/tool.tar.gz": archive, "/program": program})
		calls := allKinds(m, s, archive, program)
		m.install(one(calls...))
		list := func(status string) string {
			var all strings.Builder
			for _, name := range []string{
				"repository internal", "package tool", "package base", "kernel_module br_netfilter", "group etcd", "user etcd",
				"sysctl kernel.ostype", "archive /opt/tool", "binary /opt/bin/program", "binary /opt/bin/alias",
			} {
				if name == "package base" {
					all.WriteString(name + " ok\n")
				} else {
					all.WriteString(name + " " + status + "\n")
				}
			}
			return all.String()
		}
		before := m.tree("etc") + m.tree("opt")
		same(t, "plan", statuses(m.do("plan")), list("differs"))
		same(t, "a plan changes nothing", m.tree("etc")+m.tree("opt")+m.acts()+s.asked(), before)
		same(t, "apply", statuses(m.do("apply")), list("changed"))
		same(t, "downloads", s.asked(), "GET /tool.tar.gz\nGET /program")
		m.acts()
		after := m.times("etc", "opt", "var/cache")
		same(t, "apply again", statuses(m.do("apply")), list("ok"))
		same(t, "plan again", statuses(m.do("plan")), list("ok"))
		same(t, "nothing was touched", m.times("etc", "opt", "var/cache")+m.acts()+s.asked(), after)

		// Without them, what is like a file goes, and the rest stays.
		m.install(one(calls[2]))
		orphans := "orphan archive /opt/tool will\norphan file /opt/bin/alias will\norphan file /opt/bin/program will\n" +
			"orphan file /etc/sysctl.d/99-zz-sprayc-kernel.ostype.conf will\n" +
			"orphan file /etc/modules-load.d/sprayc-br_netfilter.conf will\norphan file /etc/modprobe.d/sprayc-br_netfilter.conf will\n" +
			"orphan file /etc/apt/sources.list.d/internal.sources will\norphan file /etc/apt/keyrings/internal.asc will\n"
		same(t, "plan without", sorted(statuses(m.do("plan"))), sorted("package base ok\n"+orphans))
		m.do("apply")
		same(t, "without", m.tree("etc")+m.tree("opt"), "0644 group\n0644 os-release\n0644 passwd\n")
		same(t, "nothing more to do", statuses(m.do("plan")), "package base ok\n")
	})
}

// A run with nothing to do costs a handful of processes.
func TestKindsAreCheap(t *testing.T) {
	archive, program := targz(t, toolV1[:3]...), "program"
	eachMachine(t, func(t *testing.T, m *machine) {
		if m.shell[0] == shells["mksh"][0] {
			t.Skip("mksh has no printf of its own")
		}
		wants(t, "strace")
		s := serve(t, nil)
		s.answer = byName(map[string]string{"/tool.tar.gz": archive, "/program": program})
		m.install(one(allKinds(m, s, archive, program)...))
		m.do("apply")
		got := m.said("strace -f -qq -o /t/trace -e trace=execve sh /b/run.sh start s plan")
		if !strings.HasSuffix(got, "end\tok\n") {
			t.Fatal(got)
		}
		programs := 0
		for line := range strings.Lines(m.read("t/trace")) {
			if strings.Contains(line, "execve(") && !strings.Contains(line, "ENOENT") && !strings.Contains(line, "grep") && !strings.Contains(line, "/t/stubs/") {
				programs++
			}
		}
		t.Logf("%d programs", programs)
		if programs > 14 {
			t.Errorf("%d programs:\n%s", programs, m.read("t/trace"))
		}
	})
}
