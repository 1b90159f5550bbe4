# What runs is what was installed and configured, asked of the running daemon.
#
# CONFIG   the configuration file
# SOCKET   where the daemon listens
# VERSION  the definition's version
# ROOT     the definition's folder for images

pid=$(systemctl show --property=MainPID --value containerd.service) || fail "systemctl cannot say which process containerd.service is"
case $pid in
'' | 0 | *[!0-9]*) fail "containerd.service has no running process; look at: journalctl -u containerd.service" ;;
esac

# The program: an upgrade that was not followed by a restart leaves the old
# program running, whose file is gone.
exe=$(readlink "/proc/$pid/exe") || fail "process $pid of containerd.service has ended; look at: journalctl -u containerd.service"
if [ "$exe" != /usr/local/bin/containerd ]; then
	differs "containerd.service runs $exe, expected /usr/local/bin/containerd; run: systemctl restart containerd.service"
fi

# The configuration: started (in clock ticks since the boot, 100 a second) not
# before the file was written.
read -r stat <"/proc/$pid/stat" || fail "process $pid of containerd.service has ended"
# The second field, the name in parentheses, may hold blanks.
# shellcheck disable=SC2086 # split into fields on purpose
set -- ${stat##*) }
ticks=${20}
boot=$(awk '$1 == "btime" { print $2 }' /proc/stat)
written=$(stat -c %Y "$CONFIG") || fail "$CONFIG is missing"
started=$((boot + ticks / 100))
if [ "$((started + 1))" -lt "$written" ]; then
	differs "containerd was started $((written - started)) s before $CONFIG was written; run: systemctl restart containerd.service"
fi

# The answer of the daemon itself.
answer=$(ctr --address "$SOCKET" --connect-timeout 10s version) || fail "containerd does not answer on $SOCKET; look at: journalctl -u containerd.service"
server=$(printf '%s\n' "$answer" | awk '/^Server:/ { s = 1 } s && $1 == "Version:" { print $2; exit }')
if [ "${server#v}" != "$VERSION" ]; then
	differs "the running containerd is $server, expected v$VERSION"
fi

# Where it keeps images: each of its plugins that keeps anything says where.
roots=$(ctr --address "$SOCKET" --connect-timeout 10s plugins ls --detailed) || fail "containerd does not list its plugins on $SOCKET"
case $roots in
*"$ROOT/io.containerd."*) ;;
*) differs "the running containerd keeps nothing in $ROOT; it was started with another root" ;;
esac
