package lib_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stubUpgrades is an apt-get that would upgrade what stands in /t/upgrades, as it says that
// itself; update brings /t/update there. An upgrade that touches libc6 asks for a restart.
func stubUpgrades(m *machine) {
	m.stub("apt-get", `case "$*" in
*" update") cp /t/update /t/upgrades ;;
"-s "*) cat /t/upgrades ;;
*" upgrade --with-new-pkgs --no-remove" | *" install --only-upgrade --no-remove -- "*)
	[ "$DEBIAN_FRONTEND$NEEDRESTART_SUSPEND$UCF_FORCE_CONFFOLD" = noninteractive11 ] || exit 9
	! grep -q libc6 /t/upgrades || : >/run/reboot-required
	case "$*" in
	*--only-upgrade*) sed -i /Security/d /t/upgrades ;;
	*) : >/t/upgrades ;;
	esac
	;;
esac`)
	m.mkdir("run/systemd/system")
	m.stub("systemctl", "kill -9 0")
	m.write("t/upgrades", "NOTE: This is only a simulation!\nReading package lists...\n")
	m.write("t/update", `Reading package lists...
The following packages will be upgraded:
  libc6 tzdata
Inst libc6 [2.36-9+deb12u4] (2.36-9+deb12u10 Debian:12.10/stable, Debian-Security:12/stable-security [amd64]) []
Inst tzdata [2024a-0+deb12u1] (2025b-0+deb12u1 Debian:12.10/stable [all])
Inst linux-image-6.1.0-31-amd64 (6.1.128-1 Debian-Security:12/stable-security [amd64])
Conf libc6 (2.36-9+deb12u10 Debian:12.10/stable, Debian-Security:12/stable-security [amd64])
`)
}

// window are the three parts and the restart, as the module os has them.
func window(which, restarts string) bundleText {
	return one(
		by("/usr/local/sbin/rpm"),
		call("upgrades", "announce", "name=announce", "set=system", "part=announce", "which="+which, "restart=true"),
		call("upgrades", "install", "name=install", "set=system", "part=install", "which="+which, "restarts="+restarts, "disruptive=true"),
		call("reboot", "restart", "name=restart", "if_required=true", "announced=system"),
		call("upgrades", "end", "name=end", "set=system", "part=end"))
}

// by has a step run this program by its path; busybox's shell has others of the same names.
func by(path string) string { return filepath.Base(path) + "() { " + path + ` "$@"; }` }

// seen are the lines of a window's events that say something, without their step and place.
func seen(events string) string {
	var all strings.Builder
	for line := range strings.Lines(events) {
		line = strings.ReplaceAll(strings.ReplaceAll(line, "\tm/s", ""), "\tm.hcl:1:1", "")
		for _, word := range []string{"res\t", "note\t", "reaction\t", "restart", "end\t"} {
			if strings.HasPrefix(line, word) && !strings.HasSuffix(line, "\tok\n") {
				all.WriteString(strings.ReplaceAll(line, "\t", " "))
				break
			}
		}
	}
	return all.String()
}

const (
	three     = "3 packages: libc6 2.36-9+deb12u4 to 2.36-9+deb12u10, tzdata 2024a-0+deb12u1 to 2025b-0+deb12u1, linux-image-6.1.0-31-amd64 6.1.128-1"
	required  = "the system asks for a restart (/run/reboot-required)"
	unfetched = "the index of packages has not been fetched by a run yet"
)

// nextBoot is as after a boot (simulated: all that says in which boot something was is of
// another, and /run is empty).
func (m *machine) nextBoot() {
	m.t.Helper()
	m.said("for f in /var/lib/sprayc/marks/* /var/lib/sprayc/restarted /var/lib/sprayc/upgrades.*; do [ ! -e $f ] || sed -i '1s/.*/an-earlier:boot/' $f; done; rm -rf /run/*; mkdir -p /run/systemd/system")
}

// A plan fetches nothing and says what may come; a run fetches, announces, upgrades, restarts
// once, and ends it; what was cut off by the restart goes on where it was.
func TestUpgrades(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		stubUpgrades(m)
		m.install(window("all", ""))
		same(t, "plan", seen(m.do("plan")), "res upgrades announce differs "+unfetched+"\n"+
			"res upgrades install blocked needs the index of packages: what there is to upgrade is known when it has been fetched\nreaction upgrades install blocked upgrade true\n"+
			"res reboot restart blocked needs the upgrades: the system may need a restart after them\nreaction reboot restart blocked reboot true\nend differs\n")
		same(t, "a plan only asks", strings.ReplaceAll(m.calls(), "apt-get -s -q -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= --with-new-pkgs upgrade\n", ""), "")
		same(t, "held", seen(m.do("apply --hold")), "note "+three+"\nres upgrades announce changed "+unfetched+"\n"+
			"res upgrades install held waits for its turn: too many hosts of a role must not be down at once\nend held\n")
		same(t, "plan of what is announced", seen(m.do("plan")), "res upgrades install differs "+three+"\nreaction upgrades install differs upgrade true\n"+
			"res reboot restart blocked needs the upgrades: the system may need a restart after them\nreaction reboot restart blocked reboot true\n"+
			"res upgrades end differs the upgrades of this run are done\nend differs\n")
		m.calls()
		same(t, "apply", seen(m.do("apply")), "note upgrades "+three+"\nres upgrades install changed "+three+"\n"+
			"note restarting the host; run this again when it is back\nrestart\nend lost\n")
		got := m.calls()
		for _, call := range []string{"systemctl reboot\n", "-o Dpkg::Options::=--force-confold ", " upgrade --with-new-pkgs --no-remove\n"} {
			if strings.Count(got, call) != 1 {
				t.Errorf("%q is not called once:\n%s", call, got)
			}
		}
		m.nextBoot()
		same(t, "in the next boot", seen(m.do("apply")), "res upgrades end changed the upgrades of this run are done\nend changed\n")
		same(t, "nothing is left to do", seen(m.do("apply")), "")
		same(t, "or to plan", seen(m.do("plan")), "")
		if got := m.calls(); strings.Contains(got, "reboot") || strings.Contains(got, " update") {
			t.Errorf("calls:\n%s", got)
		}
		same(t, "marks", m.said("ls /var/lib/sprayc/marks"), "")
	})
}

// A restart for one reason is tried once; what came after it is another.
func TestUpgradesRestartOnce(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		stubUpgrades(m)
		m.write("t/update", "")
		m.write("run/reboot-required", "")
		m.said("touch -d @1700000000 /run/reboot-required")
		m.install(window("none", ""))
		due := "no package is to be upgraded, and a restart is due: " + required
		same(t, "apply", seen(m.do("apply")), "note "+due+"\nres upgrades announce changed "+due+"\nnote restarting the host; run this again when it is back\nrestart\nend lost\n")
		m.nextBoot()
		m.write("run/reboot-required", "") // a system that does not clear /run
		m.said("touch -d @1700000000 /run/reboot-required")
		same(t, "again", seen(m.do("apply")), "note the host has been restarted for it, and still: "+required+"\nres upgrades end changed the upgrades of this run are done\nend changed\n")
		same(t, "one restart", m.calls(), "systemctl reboot\n")
		m.said("touch -d @1700000001 /run/reboot-required")
		same(t, "another reason", seen(m.do("plan")), "res upgrades announce differs "+due+"\nres reboot restart differs "+required+"\nreaction reboot restart differs reboot true\nend differs\n")
	})
}

// After any upgrade, when that is wanted: the mark stands before the upgrade, so that one that is
// cut off has its restart, too.
func TestUpgradesAlwaysRestart(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		stubUpgrades(m)
		m.write("t/update", "Inst tzdata [2024a] (2025b Debian:12.10/stable [all])\n")
		m.install(window("all", "restart"))
		const tz = "1 package: tzdata 2024a to 2025b"
		same(t, "apply", seen(m.do("apply")), "note "+tz+"\nres upgrades announce changed "+unfetched+"\nnote upgrades "+tz+"\nres upgrades install changed "+tz+
			"\nnote restarting the host; run this again when it is back\nrestart\nend lost\n")
		m.nextBoot()
		same(t, "in the next boot", seen(m.do("apply")), "res upgrades end changed the upgrades of this run are done\nend changed\n")
		same(t, "plan", seen(m.do("plan")), "")
	})
}

// Only what stands in a security archive, by name and version; what is new on the host comes
// with what needs it.
func TestUpgradesOfSecurity(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		stubUpgrades(m)
		m.install(window("security", ""))
		m.do("apply")
		if got := m.calls(); !strings.Contains(got, " install --only-upgrade --no-remove -- libc6=2.36-9+deb12u10\n") {
			t.Errorf("calls:\n%s", got)
		}
	})
}

// A newer kernel of the same flavour than the one that runs.
func TestRebootKernel(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.mkdir("run/systemd/system")
		m.stub("uname", "case $1 in -r) echo 6.1.0-9-amd64 ;; *) /usr/bin/uname \"$@\" ;; esac")
		m.install(one(by("/usr/local/sbin/uname"), by("/usr/bin/dpkg"), call("reboot", "kernel", "name=kernel", "if_required=true")))
		same(t, "no kernels", seen(m.do("plan")), "")
		for _, kernel := range []string{"6.1.0-9-amd64", "6.1.0-8-amd64", "6.1.0-44-cloud-amd64"} {
			m.write("boot/vmlinuz-"+kernel, "")
		}
		same(t, "older, and another flavour", seen(m.do("plan")), "")
		m.write("boot/vmlinuz-6.1.0-10-amd64", "")
		same(t, "newer", seen(m.do("plan")), "res reboot kernel differs the kernel 6.1.0-10-amd64 is installed, and 6.1.0-9-amd64 runs\nreaction reboot kernel differs reboot true\nend differs\n")
	})
}

// rhel makes the machine one of the rhel family.
func (m *machine) rhel(b bundleText) {
	m.t.Helper()
	m.write("etc/os-release", "ID=rocky\nVERSION_ID=\"9.5\"\n")
	b.env = "SPRAY_OS='rocky-9'\nSPRAY_OS_FAMILY='rhel'\nSPRAY_OS_ID='rocky'\nSPRAY_OS_VERSION='9'\n"
	m.install(b)
}

// dnf says what there is, of security alone when that is asked, and what was installed since the
// boot asks for a restart.
func TestUpgradesRHEL(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.mkdir("run/systemd/system")
		m.stub("systemctl", "kill -9 0")
		m.stub("dnf", `case "$*" in
*" makecache --refresh") : >/t/cache ;;
*" check-update")
	case "$*" in "-q -C --setopt=logdir=/run/sprayc "*) ;; *) exit 9 ;; esac
	[ -e /t/cache ] || { echo "Error: Cache-only enabled but no cache for 'baseos'"; exit 1; }
	[ ! -e /t/done ] || exit 0
	printf '\nglibc.x86_64    2.34-100.el9_4.4    baseos\n'
	case "$*" in *--security*) ;; *) printf 'tzdata.noarch   2025b-1.el9   baseos\n' ;; esac
	printf 'Obsoleting Packages\nnew.noarch 2-1 baseos\n    old.noarch 1-1 @baseos\n'
	exit 100
	;;
*" upgrade" | *" upgrade --security")
	case "$*" in "-y --setopt=exit_on_lock=True "*) ;; *) exit 9 ;; esac
	: >/t/done
	;;
*) exit 9 ;;
esac`)
		m.stub("rpm", `case "$*" in
*" kernel "*) [ ! -e /t/done ] || echo "glibc-2.34-100.el9_4.4 2147483647"; echo "systemd-252-1 1000"; echo "package kernel is not installed"; exit 1 ;;
*) [ ! -e /t/done ] || exit 1; case "$*" in *glibc) printf '2.34-83.el9 ' ;; *) exit 1 ;; esac ;;
esac`)
		m.rhel(window("all", ""))
		const two = "2 packages: glibc 2.34-83.el9 to 2.34-100.el9_4.4, tzdata 2025b-1.el9"
		same(t, "apply", seen(m.do("apply")), "note "+two+"\nres upgrades announce changed "+unfetched+"\nnote upgrades "+two+"\nres upgrades install changed "+two+
			"\nnote restarting the host; run this again when it is back\nrestart\nend lost\n")
		same(t, "restarted", m.said("sed 1d /var/lib/sprayc/restarted"), "installed since the boot: glibc-2.34-100.el9_4.4\n")
		m.check(os.Remove(m.path("t/done")))
		m.said("rm -rf /var/lib/sprayc")
		m.rhel(window("security", ""))
		const first = "1 package: glibc 2.34-83.el9 to 2.34-100.el9_4.4"
		m.calls()
		if got := seen(m.do("apply")); !strings.Contains(got, "note upgrades "+first+"\n") {
			t.Errorf("security:\n%s", got)
		}
		if got := m.calls(); !strings.Contains(got, " upgrade --security\n") {
			t.Errorf("calls:\n%s", got)
		}
	})
}
