#!/bin/sh
# Installs, from Debian's own packages, what the tests of the project want beside
# Go: shells to run the library in, and what makes roots of test hosts. Nothing of
# it is started, nor at the next boot. Run as root on Debian or Ubuntu; what is there already is left.
set -eu

want='
	bash busybox-static dash fish ksh93u+m mksh shellcheck tcsh yash zsh
	ca-certificates chromium createrepo-c curl dbus debootstrap dpkg-dev iproute2 libseccomp-dev
	make openssh-client openssh-server openssl rpm sudo systemd uidmap util-linux
	haproxy keepalived libnginx-mod-stream nginx
'

missing=
for package in $want; do
	# ksh93u+m is ksh on older releases.
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

# A package's scripts ask this file before they start a service: no.
policy=/usr/sbin/policy-rc.d
ours=
if [ ! -e "$policy" ]; then
	ours=yes
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi
code=0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && {
	# shellcheck disable=SC2086 # a list of names
	apt-get install -y -qq --no-install-recommends $missing || {
		# One at a time, so that a name that this release does not have costs only itself.
		for package in $missing; do
			apt-get install -y -qq --no-install-recommends "$package" || code=1
		done
	}
} || code=1
[ -z "$ours" ] || rm -f "$policy"
for package in $missing; do
	case $package in
	haproxy | keepalived | nginx) systemctl disable --quiet "$package" || code=1 ;;
	esac
done
exit "$code"
