package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const debianFiles = "put dropin proxy package package.debian"

// stubApt is a package manager with the packages of /t/installed (NAME VERSION STATUS, as
// dpkg-query shows them) and /t/offered (NAME VERSION); what apt-get update brings is in
// /t/update.
func stubApt(w *world) {
	w.stub("sleep", "")
	w.stub("dpkg-query", `if [ "$#" -eq 3 ]; then
	sed 's/^\([^ ]*\) [^ ]* \(..\)$/\1\t\2 /' /t/installed
	exit
fi
shift 4
rc=0
for name; do
	line=$(grep "^$name " /t/installed) || { echo "dpkg-query: no packages found matching $name" >&2; rc=1; continue; }
	set -- $line
	printf '%s\t%s \t%s\n' "$1" "$3" "$2"
done
exit $rc`)
	w.stub("apt-get", `[ "$DEBIAN_FRONTEND$NEEDRESTART_SUSPEND" = noninteractive1 ] || exit 9
for want; do :; done
case "$*" in
*" update") cat /t/update >>/t/offered; echo "W: Failed to fetch http://broken.example/ 404"; exit 0 ;;
esac
name=${want%%=*}
case $want in *=*) version=${want#*=} ;; *) version=$(sed -n "s/^$name //p" /t/offered | tail -n 1) ;; esac
grep -q "^$name " /t/offered || { echo "E: Unable to locate package $name"; exit 100; }
grep -qxF "$name $version" /t/offered || { echo "E: Version '$version' for '$name' was not found"; exit 100; }
case $(grep "^$name " /t/installed) in *" hi") echo "E: Held packages were changed"; exit 100 ;; esac
echo "Setting up $name ($version)"
sed -i "/^$name /d" /t/installed
[ ! -e "/t/brings.$name" ] || cat "/t/brings.$name" >>/t/installed
echo "$name $version ii" >>/t/installed`)
	w.stub("apt-mark", `case $1 in hold) s=hi ;; unhold) s=ii ;; esac; sed -i "s/^\($2 [^ ]*\) ..$/\1 $s/" /t/installed`)
	w.stub("apt-cache", `sed -n "s/^$2 \(.*\)/$2 | \1 | http:\/\/x y/p" /t/offered`)
	w.stub("dpkg", `case $1 in
--remove)
	case $2 in needed) echo "dpkg: error processing package needed (--remove): dependency problems: other depends on needed" >&2; exit 1 ;; esac
	sed -i "s/^\($2 [^ ]*\) ..$/\1 rc/" /t/installed
	;;
--purge)
	shift
	for name; do
		case $name in needed*) echo "dpkg: error processing package $name (--purge): dependency problems: other depends on $name" >&2; exit=1; continue ;; esac
		sed -i "/^$name /d" /t/installed
	done
	exit "${exit-0}"
	;;
--configure) sed -i 's/ i[UF]$/ ii/' /t/installed; rm -f /var/lib/dpkg/updates/* ;;
esac`)
	w.write("t/installed", "base 1 ii\n")
	w.write("t/offered", "tool 1.0-1\ntool 2:1.1-1\ntool-doc 1.0-1\n")
	w.write("t/update", "fresh 3-1\n")
}

const (
	aptInstall = "apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold" +
		" -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=30 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 install --no-remove --no-install-recommends"
	aptUpdate = "apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold" +
		" -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=30 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 update"
)

// acts are the calls since the last time that are not queries.
func (w *world) acts() string {
	w.t.Helper()
	var all strings.Builder
	for _, line := range strings.SplitAfter(w.calls(), "\n") {
		if !strings.HasPrefix(line, "dpkg-query ") && !strings.HasPrefix(line, "rpm -q ") {
			all.WriteString(line)
		}
	}
	return all.String()
}

func TestPackageDebian(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.write("t/installed", "base 1 ii\ntool-doc 1.0-1 ii\nold 1 rc\n")
		same(t, "plan", w.drive(debianFiles, "plan", "package", "name=tool"), "differs\tnot installed\nexit 11\n")
		same(t, "plan only asks", w.acts(), "")
		same(t, "apply", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1"), "differs\tnot installed\nchanged\n")
		same(t, "acts", w.acts(), aptInstall+" --allow-downgrades -- tool=1.0-1\n")
		same(t, "again", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1"), "ok\n")
		same(t, "any version", w.drive(debianFiles, "apply", "package", "name=other", "debian=tool"), "ok\n")
		same(t, "only its configuration is there", w.drive(debianFiles, "plan", "package", "name=old"), "differs\tnot installed\nexit 11\n")
		same(t, "hold", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1", "hold=true"), "differs\tnot held\nchanged\n")
		same(t, "again", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1", "hold=true"), "ok\n")
		same(t, "acts", w.acts(), "apt-mark hold tool\n")
		same(t, "upgrade", w.drive(debianFiles, "apply", "package", "name=tool", "version=2:1.1-1", "hold=true"),
			"differs\tis 1.0-1, not 2:1.1-1\nchanged\n")
		same(t, "acts", w.acts(), "apt-mark unhold tool\n"+aptInstall+" --allow-downgrades -- tool=2:1.1-1\napt-mark hold tool\n")
		got := w.drive(debianFiles, "apply", "package", "name=tool", "version=9", "hold=true")
		if !strings.HasSuffix(got, "; offered: 1.0-1, 2:1.1-1\nexit 1\n") {
			t.Errorf("no such version: %s", got)
		}
		same(t, "still held", w.read("t/installed"), "base 1 ii\ntool-doc 1.0-1 ii\nold 1 rc\ntool 2:1.1-1 hi\n")
		w.acts()
		same(t, "somebody's hold", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1"),
			"differs\tis 2:1.1-1, not 1.0-1\nfailed\ttool is held at 2:1.1-1, not by sprayc: release it, or say hold here\nexit 1\n")
		same(t, "somebody's hold, any version", w.drive(debianFiles, "apply", "package", "name=tool"), "ok\n")
		same(t, "release", w.drive(debianFiles, "apply", "package", "name=tool", "hold=false"), "differs\theld\nchanged\n")
		same(t, "remove", w.drive(debianFiles, "apply", "package", "name=tool", "state=absent"), "differs\t2:1.1-1 is installed\nchanged\n")
		same(t, "acts", w.acts(), "apt-mark unhold tool\ndpkg --remove tool\n")
		same(t, "removed", w.drive(debianFiles, "apply", "package", "name=tool", "state=absent"), "ok\n")
		same(t, "option", w.drive(debianFiles, "apply", "package", "name=-y"), "failed\t\"-y\": not the name of a package\nexit 1\n")
	})
}

// The index is fetched only for what it lacks, and the error says what there is.
func TestPackageDebianIndex(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		same(t, "apply", w.drive(debianFiles, "apply", "package", "name=fresh"),
			"differs\tnot installed\nnote\tfresh: fetching the package index, which does not offer it yet\nchanged\n")
		same(t, "acts", w.acts(), aptInstall+" -- fresh\n"+aptUpdate+"\n"+aptInstall+" -- fresh\n")
		same(t, "no such version", w.drive(debianFiles, "apply", "package", "name=tool", "version=9"),
			"differs\tnot installed\nnote\ttool: fetching the package index, which does not offer it yet\n"+
				"failed\ttool=9: E: Version '9' for 'tool' was not found; offered: 1.0-1, 2:1.1-1\nexit 1\n")
		same(t, "no such package", w.drive(debianFiles, "apply", "package", "name=tooo", "recommends=true"),
			"differs\tnot installed\nnote\ttooo: fetching the package index, which does not offer it yet\n"+
				"failed\ttooo: E: Unable to locate package tooo\nexit 1\n")
	})
}

func TestPackageDebianNeeded(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.write("t/installed", "needed 1 ii\n")
		same(t, "apply", w.drive(debianFiles, "apply", "package", "name=needed", "state=absent"),
			"differs\t1 is installed\nfailed\tcannot remove needed: dpkg: error processing package needed (--remove):"+
				" dependency problems: other depends on needed\nexit 1\n")
	})
}

// An installation that was killed leaves a package half installed or dpkg's journal.
func TestPackageDebianFinishes(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.write("t/installed", "tool 1.0-1 iF\n")
		finish := "note\ttool: an earlier installation was cut off; dpkg --configure -a finishes it\n"
		same(t, "half", w.drive(debianFiles, "apply", "package", "name=tool"), "differs\t1.0-1 is not wholly installed\n"+finish+"changed\n")
		same(t, "acts", w.acts(), "dpkg --configure -a --force-confdef --force-confold\n"+aptInstall+" -- tool\n")
		w.write("t/installed", "")
		w.write("var/lib/dpkg/updates/0001", "")
		same(t, "journal", w.drive(debianFiles, "apply", "package", "name=tool"), "differs\tnot installed\n"+finish+"changed\n")
	})
}

// Another process has the lock: who it is and its command are shown, and there is an end.
func TestPackageDebianLock(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		lock := "/var/lib/dpkg/lock-frontend"
		w.write(lock, "")
		w.write("proc/4242/cmdline", "/usr/bin/python3\x00/usr/bin/unattended-upgrade\x00")
		w.mkdir("proc/4242/fd")
		w.check(os.Symlink("/dev/null", w.path("proc/4242/fd/0")))
		w.check(os.Symlink(lock, w.path("proc/4242/fd/7")))
		w.mkdir("proc/4243/fd")
		inode := w.inode(lock)
		w.write("proc/locks", fmt.Sprintf("1: FLOCK  ADVISORY  WRITE 4243 00:1f:%d 0 EOF\n2: POSIX  ADVISORY  WRITE 4242 00:1f:%d 0 EOF\n2: -> POSIX  ADVISORY  WRITE 4243 00:1f:%d 0 EOF\n", inode, inode, inode))
		owner := "pid 4242, /usr/bin/python3 /usr/bin/unattended-upgrade (" + lock + ")"
		same(t, "timeout", w.drive(debianFiles, "apply", "package", "name=tool", "lock_timeout=4"),
			"differs\tnot installed\nnote\ttool: waiting for another package manager (0 s of 4): "+owner+"\n"+
				"failed\ttool: another package manager is still at work after 4 s: "+owner+"\nexit 1\n")
		same(t, "acts", w.acts(), "sleep 2\nsleep 2\n")
		// It ends after 120 seconds.
		w.stub("sleep", "echo x >>/t/slept; [ $(wc -l </t/slept) -lt 60 ] || : >/proc/locks")
		same(t, "waits", w.drive(debianFiles, "apply", "package", "name=tool"),
			"differs\tnot installed\nnote\ttool: waiting for another package manager (0 s of 600): "+owner+"\n"+
				"note\ttool: waiting for another package manager (60 s of 600): "+owner+"\nchanged\n")
		same(t, "acts", w.acts(), strings.Repeat("sleep 2\n", 60)+aptInstall+" -- tool\n")
	})
}

// apt-get lost a race for the lock.
func TestPackageDebianLockRace(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.stub("apt-get", `if mkdir /t/raced 2>/dev/null; then
	echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)"; exit 100
fi
echo "tool 1 ii" >>/t/installed`)
		same(t, "apply", w.drive(debianFiles, "apply", "package", "name=tool"), "differs\tnot installed\nchanged\n")
	})
}

// The machine's own dpkg-query, read only.
func TestPackageDebianReal(t *testing.T) {
	if _, err := os.Stat("/var/lib/dpkg/status"); err != nil {
		t.Skip("not of the debian family")
	}
	status, err := os.ReadFile("/var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	eachShell(t, func(t *testing.T, w *world) {
		// dpkg knows of some packages by others' relations alone.
		w.write("var/lib/dpkg/status", string(status)+"\nPackage: spoken-of\nStatus: unknown ok not-installed\nPriority: extra\nSection: misc\n")
		same(t, "spoken of", w.drive(debianFiles, "plan", "package", "name=spoken-of"), "differs\tnot installed\nexit 11\n")
		same(t, "there", w.drive(debianFiles, "plan", "package", "name=dpkg"), "ok\n")
		same(t, "not there", w.drive(debianFiles, "plan", "package", "name=dpk"), "differs\tnot installed\nexit 11\n")
		got := w.drive(debianFiles, "plan", "package", "name=dpkg", "version=0.0")
		if !strings.HasPrefix(got, "differs\tis 1.") || !strings.HasSuffix(got, ", not 0.0\nexit 11\n") {
			t.Errorf("version: %s", got)
		}
	})
}

const rhelFiles = "put dropin proxy package package.rhel"

// stubDnf is the same for the rhel family: /t/installed has NAME EPOCH:VERSION-RELEASE.
func stubDnf(w *world) {
	w.stub("sleep", "")
	w.stub("rpm", `case $1 in
-qa) sed 's/ .*//' /t/installed ;;
-q)
	if [ "$#" -eq 2 ]; then grep -q "^$2 " /t/installed; exit; fi
	shift 4
	for name; do
		grep -q "^$name " /t/installed || { echo "package $name is not installed"; continue; }
		sed -n "s/^$name \(.*\)/$name\t\1/p" /t/installed
	done
	;;
-e)
	case $* in *needed*) echo "error: Failed dependencies:
	needed is needed by (installed) other-1-1" >&2; exit 1 ;; esac
	shift 2
	for name; do sed -i "/^$name /d" /t/installed; done
	;;
esac`)
	w.stub("dnf", `case "$*" in *exit_on_lock=True* | *repoquery*) ;; *) exit 9 ;; esac
[ ! -e /t/locked ] || { rm /t/locked; echo "Failed to obtain the transaction lock"; exit 200; }
for want; do :; done
case "$*" in
*repoquery*) sed -n "s/^$want //p" /t/offered; exit 0 ;;
*--refresh*) cat /t/update >>/t/offered ;;
esac
case $want in python3-dnf-plugin-versionlock) mkdir -p /etc/dnf/plugins; : >/etc/dnf/plugins/versionlock.conf; exit 0 ;; esac
line=$(grep -e "^$want " /t/offered | tail -n 1)
[ -n "$line" ] || line=$(sed -n "s/^\([^ ]*\) 0:\(.*\)/\1-\2 \1 0:\2/p" /t/offered | grep "^$want " | cut -d' ' -f2-)
[ -n "$line" ] || { echo "No match for argument: $want"; echo "Error: Unable to find a match: $want"; exit 1; }
sed -i "/^${line%% *} /d" /t/installed
[ ! -e "/t/brings.${line%% *}" ] || cat "/t/brings.${line%% *}" >>/t/installed
echo "$line" >>/t/installed`)
	w.write("t/installed", "base 0:1-1.el9\n")
	w.write("t/offered", "tool 0:1.0-1.el9\ntool 0:1.1-1.el9\n")
	w.write("t/update", "fresh 0:3-1\n")
}

func TestPackageRHEL(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubDnf(w)
		dnf := "dnf -y --setopt=exit_on_lock=True --setopt=install_weak_deps=False "
		same(t, "plan", w.drive(rhelFiles, "plan", "package", "name=x", "rhel=tool"), "differs\tnot installed\nexit 11\n")
		same(t, "plan only asks", w.acts(), "")
		same(t, "apply", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.0-1.el9"), "differs\tnot installed\nchanged\n")
		same(t, "acts", w.acts(), dnf+"install tool-1.0-1.el9\n")
		same(t, "again", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.0-1.el9"), "ok\n")
		same(t, "with epoch", w.drive(rhelFiles, "apply", "package", "name=tool", "version=0:1.0-1.el9"), "ok\n")
		same(t, "not a prefix", w.drive(rhelFiles, "plan", "package", "name=tool", "version=1.0-1"),
			"differs\tis 0:1.0-1.el9, not 1.0-1\nexit 11\n")
		w.write("etc/dnf/plugins/versionlock.list", "# mine\ntool-doc-0:1.0-1.el9.*\n!tool-0:0.9-1.el9.*\n")
		same(t, "hold", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.0-1.el9", "hold=true"), "differs\tnot held\nbefore\t/etc/dnf/plugins/versionlock.list\nchanged\n")
		same(t, "acts", w.acts(), dnf+"install python3-dnf-plugin-versionlock\n")
		same(t, "list", w.read("etc/dnf/plugins/versionlock.list"), "# mine\ntool-doc-0:1.0-1.el9.*\n!tool-0:0.9-1.el9.*\ntool-0:1.0-1.el9.*\n")
		same(t, "again", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.0-1.el9", "hold=true"), "ok\n")
		same(t, "upgrade", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.1-1.el9", "hold=true"),
			"differs\tis 0:1.0-1.el9, not 1.1-1.el9\nbefore\t/etc/dnf/plugins/versionlock.list\nchanged\n")
		same(t, "list", w.read("etc/dnf/plugins/versionlock.list"), "# mine\ntool-doc-0:1.0-1.el9.*\n!tool-0:0.9-1.el9.*\ntool-0:1.1-1.el9.*\n")
		same(t, "fresh", w.drive(rhelFiles, "apply", "package", "name=fresh"),
			"differs\tnot installed\nnote\tfresh: fetching the package index, which does not offer it yet\nchanged\n")
		same(t, "no such version", w.drive(rhelFiles, "apply", "package", "name=tool", "version=9-9", "hold=true"),
			"differs\tis 0:1.1-1.el9, not 9-9\nbefore\t/etc/dnf/plugins/versionlock.list\nnote\ttool: fetching the package index, which does not offer it yet\n"+
				"failed\ttool-9-9: Error: Unable to find a match: tool-9-9; offered: 0:1.0-1.el9 0:1.1-1.el9\nexit 1\n")
		same(t, "still held", w.read("etc/dnf/plugins/versionlock.list"), "# mine\ntool-doc-0:1.0-1.el9.*\n!tool-0:0.9-1.el9.*\ntool-0:1.1-1.el9.*\n")
		w.write("t/locked", "")
		same(t, "lock", w.drive(rhelFiles, "apply", "package", "name=tool", "version=1.0-1.el9", "hold=false"),
			"differs\tis 0:1.1-1.el9, not 1.0-1.el9\ndiffers\theld\nbefore\t/etc/dnf/plugins/versionlock.list\n"+
				"note\ttool: waiting for another package manager (0 s of 600): a process that is not visible from here\nchanged\n")
		same(t, "remove", w.drive(rhelFiles, "apply", "package", "name=tool", "state=absent"), "differs\t0:1.0-1.el9 is installed\nchanged\n")
		w.write("t/installed", "needed 0:1-1\n")
		same(t, "needed", w.drive(rhelFiles, "apply", "package", "name=needed", "state=absent"),
			"differs\t0:1-1 is installed\nfailed\tcannot remove needed: error: Failed dependencies: needed is needed by (installed) other-1-1\nexit 1\n")
	})
}

func TestRepositoryDebian(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := "put dropin repository repository.debian"
		key := "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n-----END PGP PUBLIC KEY BLOCK-----\n"
		args := []string{"name=internal", "url=https://packages.example.com/debian", "suites=bookworm", "suites=bookworm-updates",
			"components=main", "architectures=amd64", "key=" + key, "key.sha256=" + digest(key)}
		want := "differs\t/etc/apt/keyrings/internal.asc: not the wanted key, or not root root 0644\ndiffers\t/etc/apt/sources.list.d/internal.sources: is not there\n"
		same(t, "plan", w.drive(files, "plan", "repository", args...), want+"exit 11\n")
		same(t, "apply", w.drive(files, "apply", "repository", args...), want+"changed\n")
		same(t, "again", w.drive(files, "apply", "repository", args...), "ok\n")
		same(t, "tree", w.tree("etc/apt"), "0644 keyrings/internal.asc\n0644 sources.list.d/internal.sources\n")
		same(t, "key", w.read("etc/apt/keyrings/internal.asc"), key)
		same(t, "sources", w.read("etc/apt/sources.list.d/internal.sources"), "Types: deb\nURIs: https://packages.example.com/debian\n"+
			"Suites: bookworm bookworm-updates\nComponents: main\nArchitectures: amd64\nSigned-By: /etc/apt/keyrings/internal.asc\n")
		w.check(os.Chmod(w.path("etc/apt/keyrings/internal.asc"), 0o600))
		same(t, "apt cannot read it", w.drive(files, "apply", "repository", args...), "differs\t/etc/apt/keyrings/internal.asc: not the wanted key, or not root root 0644\nbefore\t/etc/apt/keyrings/internal.asc\nchanged\n")
		same(t, "tree", w.tree("etc/apt"), "0644 keyrings/internal.asc\n0644 sources.list.d/internal.sources\n")
		payload := key + "more\n\n"
		w.write("t/payload", payload)
		args = append(args[:6:6], "key.payload=/t/payload", "key.sha256="+digest(payload))
		same(t, "payload", w.drive(files, "apply", "repository", args...), "differs\t/etc/apt/keyrings/internal.asc: not the wanted key, or not root root 0644\nbefore\t/etc/apt/keyrings/internal.asc\nchanged\n")
		same(t, "key", w.read("etc/apt/keyrings/internal.asc"), payload)
		same(t, "unsigned", w.drive(files, "plan", "repository", "name=flat", "url=http://x/", "suites=./", "unsigned=true"),
			"differs\t/etc/apt/sources.list.d/flat.sources: is not there\nexit 11\n")
	})
}

func TestRepositoryRHEL(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := "put dropin repository repository.rhel"
		args := []string{"name=internal", "url=https://packages.example.com/el9", "key=abc\n", "key.sha256=" + digest("abc\n"), "priority=5",
			"excludes=kubelet", "excludes=kubeadm"}
		want := "differs\t/etc/pki/rpm-gpg/RPM-GPG-KEY-internal: not the wanted key, or not root root 0644\ndiffers\t/etc/yum.repos.d/internal.repo: is not there\n"
		same(t, "apply", w.drive(files, "apply", "repository", args...), want+"changed\n")
		same(t, "again", w.drive(files, "apply", "repository", args...), "ok\n")
		same(t, "repo", w.read("etc/yum.repos.d/internal.repo"), "[internal]\nname=internal\nbaseurl=https://packages.example.com/el9\nenabled=1\n"+
			"gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-internal\npriority=5\nexcludepkgs=kubelet kubeadm\n")
	})
}
