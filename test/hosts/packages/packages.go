// Package packages makes package repositories for test hosts: deb and rpm, each with the versions
// 1.0 and 2.0 of greeting, which has a configuration file, and of another package. The second
// versions ask for a restart: that of the debian family (greeting; the other is kept) by
// /run/reboot-required, that of the rhel family (linux-firmware) by its name.
package packages

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Debian and Rocky are the commands with which a host of a fleet comes to know its repository.
const (
	Debian = `mkdir -p /etc/apt/sources.list.d && printf 'deb [trusted=yes] http://192.0.2.253/more/deb ./\n' >/etc/apt/sources.list.d/more.list && apt-get -qq update`
	Rocky  = `mkdir -p /etc/yum.repos.d && printf '[more]\nname=more\nbaseurl=http://192.0.2.253/more/rpm\ngpgcheck=0\n' >/etc/yum.repos.d/more.repo`
)

// script makes the repositories in the current folder.
const script = `set -e
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

// Build makes the repositories, for fleet.Options.Files. It needs dpkg-deb, dpkg-scanpackages,
// rpmbuild and createrepo_c.
func Build(ctx context.Context) (map[string][]byte, error) {
	folder, err := os.MkdirTemp("", "sprayc-packages-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	files := map[string][]byte{}
	for _, family := range []string{"deb", "rpm"} {
		if err := filepath.WalkDir(filepath.Join(folder, family), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name, err := filepath.Rel(folder, path)
			if err == nil {
				files["more/"+name], err = os.ReadFile(path)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	return files, nil
}
