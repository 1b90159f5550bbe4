# rocky.sh FOLDER DEBIAN REPOSITORY: a host of the RHEL family in FOLDER/root: the
# Debian root with real dnf and rpm, Rocky Linux's os-release, and a database of
# packages that says what the body has; in FOLDER/repository real packages.

folder=$1 debian=$2 debs=$3
root=$folder/root
cp -a "$debian" "$root"

mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
	awk -v suite="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == suite { print $1, suite; exit }')
printf 'deb [trusted=yes] %s main\n' "$mirror" >"$root/etc/apt/sources.list"
if [ -e /etc/resolv.conf ]; then
	cat /etc/resolv.conf >"$root/etc/resolv.conf"
fi
chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -eu -c '
	apt-get -qq update
	apt-get -qq -y --no-install-recommends install rpm dnf
	apt-get clean
	[ -e /usr/bin/dnf ] || ln -s dnf-3 /usr/bin/dnf'
rm -rf "$root"/var/lib/apt/lists/* "$root/etc/apt/sources.list"
: >"$root/etc/resolv.conf"

rm -f "$root/etc/os-release" "$root/etc/debian_version"
cat >"$root/etc/os-release" <<'EOF'
NAME="Rocky Linux"
VERSION="9.6 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.6"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Rocky Linux 9.6 (a Debian body, for tests)"
EOF
echo 'Rocky Linux release 9.6 (a Debian body, for tests)' >"$root/etc/redhat-release"
mkdir -p "$root/etc/rpm" "$root/etc/yum.repos.d" "$root/etc/dnf"
echo '%_dbpath /var/lib/rpm' >"$root/etc/rpm/macros"
printf '[main]\ngpgcheck=0\ninstall_weak_deps=False\nmetadata_expire=1\n' >"$root/etc/dnf/dnf.conf"
printf '[test]\nname=test\nbaseurl=http://192.0.2.253/rpm\nenabled=1\ngpgcheck=0\n' >"$root/etc/yum.repos.d/test.repo"
echo 9 >"$root/etc/dnf/vars/releasever" 2>/dev/null || { mkdir -p "$root/etc/dnf/vars" && echo 9 >"$root/etc/dnf/vars/releasever"; }

# Real packages: programs of the Debian packages, and names of what the body has.
build=$folder/build
mkdir -p "$build/files"
for deb in "$debs"/conntrack_*.deb "$debs"/ethtool_*.deb "$debs"/libnetfilter-conntrack3_*.deb "$debs"/libnfnetlink0_*.deb "$debs"/chrony_*.deb; do
	[ ! -e "$deb" ] || dpkg-deb -x "$deb" "$build/files"
done
cat >"$build/test.spec" <<EOF
%global debug_package %{nil}
%global __os_install_post %{nil}
AutoReqProv: no
Name: host-body
Version: 9.6
Release: 1
Summary: what the body has
License: none
Provides: /bin/sh /bin/bash bash systemd coreutils glibc

%description
What the body has.
%files

$(for name in container-selinux iproute iproute-tc iptables-nft iptables kmod util-linux socat tar gzip ca-certificates curl openssh-server; do
	printf '%%package -n %s\nSummary: the body has it\nAutoReqProv: no\n%%description -n %s\nThe body has it.\n%%files -n %s\n\n' "$name" "$name" "$name"
done)

%package -n conntrack-tools
Summary: connection tracking
AutoReqProv: no
Requires: libnetfilter_conntrack
%description -n conntrack-tools
Connection tracking.
%files -n conntrack-tools
/usr/sbin/conntrack

%package -n libnetfilter_conntrack
Summary: a library
AutoReqProv: no
%description -n libnetfilter_conntrack
A library.
%files -n libnetfilter_conntrack
/usr/lib/*-linux-gnu/*

%package -n ethtool
Summary: network cards
AutoReqProv: no
%description -n ethtool
Network cards.
%files -n ethtool
/usr/sbin/ethtool
%post -n ethtool
: >/var/tmp/ethtool-was-installed

%package -n chrony
Summary: time; here it leaves the machine's clock alone
AutoReqProv: no
%description -n chrony
Time.
%files -n chrony
/usr/sbin/chronyd
/usr/bin/chronyc
/usr/lib/systemd/system/chronyd.service
%config(noreplace) /etc/chrony.conf
%attr(0750, _chrony, _chrony) %dir /var/lib/chrony
%pre -n chrony
useradd -r -M -d /var/lib/chrony -s /usr/sbin/nologin _chrony

%install
mkdir -p %{buildroot}/usr/sbin %{buildroot}/usr/lib
cp "$build"/files/usr/sbin/conntrack %{buildroot}/usr/sbin/
for program in "$build"/files/sbin/ethtool "$build"/files/usr/sbin/ethtool; do
	[ ! -e "\$program" ] || cp "\$program" %{buildroot}/usr/sbin/
done
cp -a "$build"/files/usr/lib/*-linux-gnu %{buildroot}/usr/lib/
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc %{buildroot}/usr/lib/systemd/system %{buildroot}/var/lib/chrony
cp "$build"/files/usr/sbin/chronyd %{buildroot}/usr/sbin/
cp "$build"/files/usr/bin/chronyc %{buildroot}/usr/bin/
: >%{buildroot}/etc/chrony.conf
printf '[Service]\nType=forking\nPIDFile=/run/chrony/chronyd.pid\nExecStart=/usr/sbin/chronyd -x -f /etc/chrony.conf\n[Install]\nWantedBy=multi-user.target\n' >%{buildroot}/usr/lib/systemd/system/chronyd.service
EOF
rpmbuild -bb --define "_topdir $build" "$build/test.spec"
mkdir -p "$folder/repository"
find "$build/RPMS" -name '*.rpm' -exec mv {} "$folder/repository/" \;

# The database says what the body has.
mkdir "$root/packages"
cp "$folder"/repository/host-body-*.rpm "$folder"/repository/iproute-9*.rpm "$folder"/repository/kmod-*.rpm \
	"$folder"/repository/util-linux-*.rpm "$folder"/repository/curl-*.rpm "$root/packages/"
chroot "$root" sh -eu -c 'rpm -i --nodeps /packages/*.rpm'
rm -rf "$root/packages" "$folder"/repository/host-body-*.rpm "$build"
createrepo_c -q "$folder/repository"

printf 'rocky-9' >"$folder/os"
