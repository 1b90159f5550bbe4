# The running daemon, asked over its own socket.
#
# CGROUP_MANAGER  systemd or cgroupfs
# VERSION         the definition's version

answer=$(crio status info) || fail "CRI-O does not answer; look at: journalctl -u crio.service"
driver=$(printf '%s\n' "$answer" | awk -F': *' '/^[[:space:]]*cgroup driver:/ { print $2 }')
[ "$driver" = "$CGROUP_MANAGER" ] || differs "the running CRI-O uses the cgroup manager ${driver:-?}, expected $CGROUP_MANAGER; run: systemctl restart crio.service"

pid=$(systemctl show --property=MainPID --value crio.service) || fail "systemctl cannot say which process crio.service is"
exe=$(readlink "/proc/$pid/exe") || fail "crio.service has no running process; look at: journalctl -u crio.service"
[ "$exe" = /usr/local/bin/crio ] || differs "crio.service runs $exe, expected /usr/local/bin/crio; run: systemctl restart crio.service"

installed=$(crio version 2>/dev/null | awk '$1 == "Version:" { print $2 }')
[ "$installed" = "$VERSION" ] || differs "the installed CRI-O is ${installed:-?}, expected $VERSION"
