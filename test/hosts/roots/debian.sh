# debian.sh FOLDER: a bare Debian of the machine's own release in FOLDER/root, and
# in FOLDER/repository the packages that a definition installs on it.

folder=$1
. /etc/os-release
suite=$VERSION_CODENAME

# The machine's own mirror, which this file does not know.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
	awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || {
	echo "no source of $suite among the machine's apt sources" >&2
	exit 1
}

debootstrap --variant=minbase \
	--include=systemd,systemd-sysv,dbus,openssh-server,sudo,curl,ca-certificates,iproute2,iptables,kmod,procps,mount,util-linux,netbase,iputils-ping \
	"$suite" "$folder/root" "$mirror"
root=$folder/root

# Packages that the root does not have, with what they need.
mkdir -p "$folder/repository"
if [ -e /etc/resolv.conf ]; then
	cat /etc/resolv.conf >"$root/etc/resolv.conf"
fi
chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -eu -c '
	apt-get -qq update
	apt-get -qq -y --no-install-recommends --download-only install chrony conntrack ethtool haproxy socat'
mv "$root"/var/cache/apt/archives/*.deb "$folder/repository/"
# Plain names: apt and servers do not agree on how to quote the others.
for deb in "$folder"/repository/*.deb; do
	name=${deb##*/}
	plain=$(printf '%s' "$name" | sed 's/%../_/g' | tr -c 'A-Za-z0-9._-' _)
	[ "$name" = "$plain" ] || mv "$deb" "$folder/repository/$plain"
done
(cd "$folder/repository" && dpkg-scanpackages -m . >Packages && gzip -k9n Packages)

# Each host gets an identity of its own, and packages from the test's repository.
rm -rf "$root"/var/lib/apt/lists/* "$root"/etc/ssh/ssh_host_* "$root/etc/apt/sources.list.d" "$root"/var/cache/apt/*.bin
: >"$root/etc/machine-id"
: >"$root/etc/resolv.conf"
printf 'deb [trusted=yes] http://192.0.2.253/apt ./\n' >"$root/etc/apt/sources.list"

printf '%s-%s' "$ID" "$VERSION_ID" >"$folder/os"
