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

# The configuration: started not before the file was written. The start is field
# 22 of stat, the 20th behind the name in parentheses, in ticks of 1/100 s since
# the boot. Arithmetic is awk's: some shells count in 32 bits.
read -r line <"/proc/$pid/stat" || fail "process $pid of containerd.service has ended; look at: journalctl -u containerd.service"
written=$(stat -c %Y "$CONFIG") || fail "there is no $CONFIG"
late=$(awk -v line="${line##*\) }" -v written="$written" '$1 == "btime" {
	split(line, field, " ")
	late = written - ($2 + field[20] / 100)
	if (late > 1) printf "%d\n", late
}' /proc/stat)
if [ -n "$late" ]; then
	differs "containerd was started $late s before $CONFIG was written; run: systemctl restart containerd.service"
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
