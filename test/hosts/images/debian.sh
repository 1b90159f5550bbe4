# debian.sh FOLDER STATE PACKAGE...: the packages, and all that they need, of the
# machine's own Debian release, unpacked in FOLDER/root without their documents, and
# their versions in FOLDER/versions. STATE keeps apt's lists and downloads; nothing of
# the machine's own apt is touched.

versions=$1/versions
folder=$1/root
state=$2
shift 2
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
: >"$state/status"

apt() {
	apt-get -qq -o "Dir::State=$state" -o "Dir::State::lists=$state/lists" -o "Dir::State::status=$state/status" \
		-o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root "$@"
}

apt update
rm -f "$state"/cache/archives/*.deb
apt -y --no-install-recommends --download-only install "$@"

for name in bin lib lib64 sbin; do
	mkdir -p "$folder/usr/$name"
	ln -s "usr/$name" "$folder/$name"
done
mkdir -p "$folder/etc" "$folder/run" "$folder/tmp" "$folder/var/lib" "$folder/var/log"
ln -s ../run "$folder/var/run"
chmod 1777 "$folder/tmp"
for deb in "$state"/cache/archives/*.deb; do
	dpkg-deb -W "$deb" >>"$versions"
	dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$folder"
done
rm -rf "$folder"/usr/share/doc "$folder"/usr/share/man "$folder"/usr/share/info "$folder"/usr/share/locale "$folder"/usr/share/lintian \
	"$folder"/usr/share/bash-completion "$folder"/usr/lib/x86_64-linux-gnu/gconv

# What the packages' own scripts would have done.
printf 'hosts: files dns\n' >"$folder/etc/nsswitch.conf"
printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nhaproxy:x:99:99::/var/lib/haproxy:/usr/sbin/nologin\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n' >"$folder/etc/passwd"
printf 'root:x:0:\nadm:x:4:\nwww-data:x:33:\nhaproxy:x:99:\nnogroup:x:65534:\n' >"$folder/etc/group"
if [ -e "$folder/usr/sbin/xtables-nft-multi" ]; then
	for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
		ln -s xtables-nft-multi "$folder/usr/sbin/$name"
	done
fi
if [ -e "$folder/bin/busybox" ]; then
	for name in $("$folder/bin/busybox" --list); do
		for at in bin sbin; do
			[ ! -e "$folder/usr/$at/$name" ] && [ ! -L "$folder/usr/$at/$name" ] || continue 2
		done
		ln -s busybox "$folder/usr/bin/$name"
	done
fi
