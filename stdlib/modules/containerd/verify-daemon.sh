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
found 'program of containerd.service' /usr/local/bin/containerd "$exe" "/proc/$pid/exe" 'run: systemctl restart containerd.service'

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
is="as in $CONFIG"
[ -z "$late" ] || is="that of $late s before $CONFIG was written"
found 'configuration of containerd' "as in $CONFIG" "$is" 'when its process was started' 'run: systemctl restart containerd.service'

# The answer of the daemon itself.
answer=$(ctr --address "$SOCKET" --connect-timeout 10s version) || fail "containerd does not answer on $SOCKET; look at: journalctl -u containerd.service"
server=$(printf '%s\n' "$answer" | awk '/^Server:/ { s = 1 } s && $1 == "Version:" { print $2; exit }')
found 'version of containerd' "$VERSION" "${server#v}" 'ctr version' 'run: systemctl restart containerd.service'

# Where it keeps images: each of its plugins that keeps anything says where.
plugins=$(ctr --address "$SOCKET" --connect-timeout 10s plugins ls --detailed) || fail "containerd does not list its plugins on $SOCKET"
root=$(printf '%s\n' "$plugins" | awk -v want="$ROOT" '
	{
		for (i = 1; i <= NF; i++) {
			if (!sub(/\/io[.]containerd[.].*$/, "", $i)) continue
			if (first == "") first = $i
			if ($i == want) there = want
		}
	}
	END { print there != "" ? there : first }') || fail 'awk does not work'
found 'root of containerd' "$ROOT" "$root" 'ctr plugins ls --detailed' 'run: systemctl restart containerd.service'
