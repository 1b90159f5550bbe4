//go:build e2e

package e2e

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// makePackages makes in the current folder repositories deb and rpm, each with two versions of
// greeting, which has a configuration file, and of another package; the second versions ask for
// a restart: that of the debian family by /run/reboot-required, that of the other by its name.
const makePackages = `set -e
for v in 1.0 2.0; do
	for name in greeting kept; do
		rm -rf root
		mkdir -p root/DEBIAN root/etc root/usr/share/$name
		printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: a test\n' "$name" "$v" >root/DEBIAN/control
		echo "$v" >root/usr/share/$name/version
		if [ "$name" = greeting ]; then
			echo "from $v" >root/etc/greeting.conf
			echo /etc/greeting.conf >root/DEBIAN/conffiles
			if [ "$v" = 2.0 ]; then
				printf '#!/bin/sh\n: >/run/reboot-required\n' >root/DEBIAN/postinst
				chmod 755 root/DEBIAN/postinst
			fi
		fi
		mkdir -p deb
		dpkg-deb --root-owner-group -b root deb/${name}_$v.deb
	done
	cat >greeting.spec <<EOT
%global debug_package %{nil}
AutoReqProv: no
Name: greeting
Version: $v
Release: 1
Summary: a test
License: none
BuildArch: noarch
%description
A test.
%install
mkdir -p %{buildroot}/etc
echo "from $v" >%{buildroot}/etc/greeting.conf
%files
%config(noreplace) /etc/greeting.conf
%package -n linux-firmware
Summary: a test, by the name of what needs a restart
%description -n linux-firmware
A test.
%files -n linux-firmware
EOT
	rpmbuild --quiet -bb --define "_topdir $PWD/build" --define "_rpmdir $PWD/rpm" --nodeps greeting.spec
done
(cd deb && dpkg-scanpackages -m . >Packages)
createrepo_c -q rpm`

// packages are those of makePackages, by the path at which hosts find them.
func packages(t *testing.T) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.Command("sh", "-c", makePackages)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files := map[string][]byte{}
	for _, part := range []string{"deb", "rpm"} {
		if err := filepath.WalkDir(filepath.Join(folder, part), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name, err := filepath.Rel(folder, path)
			if err == nil {
				files["more/"+name], err = os.ReadFile(path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// An upgrade of the hosts' systems, with real package managers and a real restart of systemd (the
// kernel is the machine's): newest versions, but not of what is held; changed configuration files
// are kept; the host is in another boot, once; and what was done is not done again.
func TestUpgradeOfSystems(t *testing.T) {
	w := startWorld(t, fleet.Options{Debian: 1, Rocky: 1, Files: packages(t)})
	w.write("cluster.hcl", definition.Cluster+"\nos \"os\" {\n  upgrade_packages = \"all\"\n  reboot           = \"when-needed\"\n}\n")
	w.write("hosts.hcl", w.fleet.HCL())
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	w.on(0, "run")
	w.sh("cp1", `printf 'deb [trusted=yes] http://192.0.2.253/more/deb ./\n' >/etc/apt/sources.list.d/more.list
		apt-get -qq update && apt-get -qq -y install greeting=1.0 kept=1.0 && apt-mark hold kept && echo mine >/etc/greeting.conf`)
	w.sh("r1", `printf '[more]\nname=more\nbaseurl=http://192.0.2.253/more/rpm\ngpgcheck=0\n' >/etc/yum.repos.d/more.repo
		dnf -q -y install greeting-1.0 linux-firmware-1.0 && echo mine >/etc/greeting.conf`)
	const look = "cat /etc/greeting.conf /proc/sys/kernel/random/boot_id; { dpkg-query -W -f '${Package} ${Version} ' greeting kept || rpm -q greeting linux-firmware; } 2>/dev/null; ls /var/lib/sprayc/marks; ls /var/lib/sprayc/upgrades.* 2>/dev/null | cat"
	before := map[string][]string{}
	for _, host := range []string{"cp1", "r1"} {
		before[host] = strings.Fields(w.sh(host, look))
	}

	w.must(0, "build", "--operation", "upgrade", "-o", "upgrade", "cluster.hcl", "hosts.hcl")
	if said := w.on(2, "plan", "upgrade"); !strings.Contains(said, "the index of packages has not been fetched by a run yet") || !strings.Contains(said, "may reboot the host for restart") {
		t.Errorf("the plan says:\n%s", said)
	}
	for host, was := range before {
		if is := strings.Fields(w.sh(host, look)); strings.Join(is, " ") != strings.Join(was, " ") {
			t.Errorf("the plan has changed %s: %q, not %q", host, is, was)
		}
	}
	said := w.on(0, "upgrade", "upgrade")
	for _, part := range []string{"restarts in os/restart; waiting for it to come back", "is back"} {
		if strings.Count(said, part) < 2 {
			t.Errorf("it does not say %q of both hosts:\n%s", part, said)
		}
	}
	after := map[string]string{}
	for host, packages := range map[string]string{"cp1": "greeting 2.0 kept 1.0", "r1": "greeting-2.0-1.noarch linux-firmware-2.0-1.noarch"} {
		after[host] = w.sh(host, look)
		is := strings.Fields(after[host])
		if is[0] != "mine" || is[1] == before[host][1] || strings.Join(is[2:], " ") != packages {
			t.Errorf("%s: before %q, after %q", host, before[host], is)
		}
	}
	w.on(0, "upgrade", "upgrade")
	w.on(0, "plan", "upgrade")
	w.on(0, "run")
	for host, was := range after {
		if is := w.sh(host, look); is != was {
			t.Errorf("a second upgrade has changed %s: %q, not %q", host, is, was)
		}
	}
}
