package lib_test

import (
	"os"
	"strings"
	"testing"
)

// changes is a step of these resources, and what a plan says of its files.
func (m *machine) changes(calls ...string) string {
	m.t.Helper()
	m.install(one(calls...))
	return foreseen(m.do("plan"))
}

// partLine is the event of a diff.
func partLine(kind, name, status, path, text string) string {
	return "diff\tm/s\t" + kind + "\t" + name + "\t" + status + "\t" + path + "\t0\t" + text + "\n"
}

// What resources do to parts of one file is one diff of it; where others may not read it,
// nothing is shown but what the bundle has.
func TestForeseeParts(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		lines := []string{
			call("line", "a", "path=/etc/conf", "line=Port 22", "starts=Port "),
			call("line", "b", "path=/etc/conf", "line=Banner none"),
			call("line", "c", "path=/etc/conf", "line=old", "state=absent"),
			fileCall("/etc/other", "2\n"),
			call("line", "d", "path=/etc/new", "line=x", "create=true"),
		}
		m.write("etc/conf", "password x\nPort 2222\nold\nlast")
		m.write("etc/other", "1\n")
		other := partLine("file", "/etc/other", "shown", "/etc/other", `@@ -1 +1 @@\n-1\n+2`)
		same(t, "lines", m.changes(lines...), other+partLine("line", "a", "shown", "/etc/conf",
			`@@ -1,4 +1,4 @@\n password x\n-Port 2222\n-old\n-last\n\\ No newline at end of file\n+Port 22\n+last\n+Banner none`))
		same(t, "brief", foreseen(m.do("plan --brief")), "")
		m.check(os.Chmod(m.path("etc/conf"), 0o600))
		same(t, "lines that others may not read", m.changes(lines...), other+partLine("line", "a", "masked", "/etc/conf",
			`@@ -1,4 +1,4 @@\n ***\n-***\n-***\n-***\n\\ No newline at end of file\n+Port 22\n+***\n+Banner none`))
		m.do("apply")
		same(t, "the file after all", m.read("etc/conf"), "password x\nPort 22\nlast\nBanner none\n")
		same(t, "nothing more", foreseen(m.do("plan")), "")

		m.write("etc/hosts", "127.0.0.1 localhost a # mine\n10.0.0.9 b # sprayc\n")
		same(t, "entries", m.changes(call("hosts_entry", "a", "address=10.0.0.8", "names=a"), call("hosts_entry", "b", "address=10.0.0.9", "names=b", "names=c")),
			partLine("hosts_entry", "a", "shown", "/etc/hosts", `@@ -1,2 +1,3 @@\n-127.0.0.1 localhost a # mine\n-10.0.0.9 b # sprayc\n+127.0.0.1 localhost # mine\n+10.0.0.9 b c # sprayc\n+10.0.0.8 a # sprayc`))

		m.write("etc/fstab", "/dev/a / ext4\n/swap none swap\n/dev/b /b xfs\n")
		b := call("mount", "/b", "path=/b", "device=/dev/b", "type=ext4", "options=noauto")
		same(t, "fstab", m.changes(call("swap", "all", "name=all"), b, call("mount", "/c", "path=/c", "device=/dev/c", "type=ext4", "options=noauto")),
			partLine("swap", "all", "shown", "/etc/fstab", `@@ -1,3 +1,4 @@\n /dev/a / ext4\n-/swap none swap\n-/dev/b /b xfs\n+# sprayc: swap is off: /swap none swap\n+/dev/b /b ext4 noauto 0 0\n+/dev/c /c ext4 noauto 0 0`))
		m.write("etc/fstab", "/dev/b /b xfs\n/dev/c /b xfs\n")
		same(t, "which line is meant is not known", m.changes(b), "")
		m.check(os.Remove(m.path("etc/fstab")))
		same(t, "no fstab", m.changes(b), "")
	})
}

// Files that are wholly ours, of other kinds than file.
func TestForeseeDropins(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		const key = "etc/sysctl.d/99-zz-sprayc-kernel.ostype.conf"
		ostype := call("sysctl", "kernel.ostype", "key=kernel.ostype", "value=Other")
		same(t, "not there", m.changes(ostype), "")
		m.write(key, "kernel.ostype = 5\n")
		same(t, "sysctl", m.changes(ostype), partLine("sysctl", "kernel.ostype", "shown", "/"+key, `@@ -1 +1 @@\n-kernel.ostype = 5\n+kernel.ostype = Other`))
		same(t, "the running value", found(m.do("plan")), begin("plan")+"step\tm/s\tbegin\nres\tm/s\tsysctl\tkernel.ostype\tdiffers\tm.hcl:1:1\tis Linux, not Other; /"+key+": has other content\nstep\tm/s\tdiffers\nend\tdiffers\n"+"exit 2\n")

		m.write("etc/modules-load.d/sprayc-x_y.conf", "z\n")
		m.write("etc/modprobe.d/sprayc-x_y.conf", "options x-y a=1\n")
		same(t, "module", m.changes(call("kernel_module", "x-y", "name=x-y", "options=a=2")),
			partLine("kernel_module", "x-y", "shown", "/etc/modules-load.d/sprayc-x_y.conf", `@@ -1 +1 @@\n-z\n+x-y`)+
				partLine("kernel_module", "x-y", "shown", "/etc/modprobe.d/sprayc-x_y.conf", `@@ -1 +1 @@\n-options x-y a=1\n+options x-y a=2`))

		m.write("etc/apt/sources.list.d/r.sources", "Types: deb\nURIs: https://old\n")
		m.write("etc/apt/keyrings/r.asc", "other\n")
		repository := call("repository", "r", "name=r", "url=https://new", "suites=s", "key=key\n", "key.sha256="+digest("key\n"))
		withheld := partLine("repository", "r", "withheld", "/etc/apt/keyrings/r.asc", "it is another key, and will be the wanted one")
		same(t, "repository", m.changes(repository), withheld+partLine("repository", "r", "shown", "/etc/apt/sources.list.d/r.sources",
			`@@ -1,2 +1,4 @@\n Types: deb\n-URIs: https://old\n+URIs: https://new\n+Suites: s\n+Signed-By: /etc/apt/keyrings/r.asc`))
		m.check(os.Chmod(m.path("etc/apt/sources.list.d/r.sources"), 0o600))
		same(t, "a repository with a password", m.changes(repository), withheld+partLine("repository", "r", "masked", "/etc/apt/sources.list.d/r.sources",
			`@@ -1,2 +1,4 @@\n Types: deb\n-***\n+URIs: https://new\n+Suites: s\n+Signed-By: /etc/apt/keyrings/r.asc`))
	})
}

// What only root may read of the running kernel is not told.
func TestSysctlHidden(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.write("proc/sys/net/key", "secret\n")
		w.check(os.Chmod(w.path("proc/sys/net/key"), 0o600))
		got := w.drive("put dropin sysctl", "plan", "sysctl", "key=net.key", "value=other")
		same(t, "plan", got, "differs\tis another value, not other\ndiffers\t/etc/sysctl.d/99-zz-sprayc-net.key.conf: is not there\nexit 11\n")
	})
}

// What a user and a group have, and will have.
func TestForeseeAccounts(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nkube:x:1000:5:old:/home/kube:/bin/bash\n")
		m.write("etc/group", "root:x:0:\ndocker:x:9:other\nold:x:5:\nkube:x:99:\n")
		user := []string{"name=kube", "uid=1000", "group=kube", "groups=docker", "home=/var/kube", "shell=/bin/bash", "comment=new"}
		same(t, "another user", m.changes(call("user", "kube", user...)), partLine("user", "kube", "shown", "/etc/passwd",
			`@@ user kube @@\n-group 5\n+group kube (99)\n+in the groups docker\n-home /home/kube\n+home /var/kube\n-comment old\n+comment new`))
		same(t, "a user", m.changes(call("user", "etcd", "name=etcd", "uid=7", "group=etcd")), partLine("user", "etcd", "shown", "/etc/passwd", `@@ user etcd @@\n+uid 7\n+group etcd`))
		same(t, "no user", m.changes(call("user", "kube", "name=kube", "state=absent")), partLine("user", "kube", "shown", "/etc/passwd", `@@ user kube @@\n-uid 1000\n-home /home/kube\n-shell /bin/bash`))
		same(t, "nothing but the name", m.changes(call("user", "x", "name=x")), "")
		same(t, "groups", m.changes(call("group", "kube", "name=kube", "gid=98"), call("group", "new", "name=new", "gid=97"), call("group", "any", "name=any"), call("group", "old", "name=old", "state=absent")),
			partLine("group", "kube", "shown", "/etc/group", `@@ group kube @@\n-gid 99\n+gid 98`)+partLine("group", "new", "shown", "/etc/group", `@@ group new @@\n+gid 97`)+
				partLine("group", "old", "shown", "/etc/group", `@@ group old @@\n-gid 5`))
		m.check(os.Chmod(m.path("etc/passwd"), 0o640))
		same(t, "others may not read it", m.changes(call("user", "kube", user...)), partLine("user", "kube", "withheld", "/etc/passwd", "others may not read it"))
		if log := strings.TrimSpace(m.said("cat /run/sprayc/runs/*/log")); log != "" {
			t.Errorf("the log:\n%s", log)
		}
	})
}
