# The balancer runs, says that it is well, and was started or reloaded after its
# configuration was written. A reload that is under way is waited for.
#
# CONFIG  its configuration
# HEALTH  the URL of its own health

# late: by how many seconds its configuration is younger than what runs; nothing when it is not.
# A start and a reload both make a new process; the youngest reads what is there.
late() {
	pid=$(systemctl show --property=MainPID --value sprayc-endpoint.service) || fail "systemctl cannot say which process sprayc-endpoint.service is"
	case $pid in
	'' | 0 | *[!0-9]*) fail "sprayc-endpoint.service has no running process; look at: journalctl -u sprayc-endpoint.service" ;;
	esac
	children=$(cat "/proc/$pid/task/$pid/children") || fail "process $pid of sprayc-endpoint.service has ended; look at: journalctl -u sprayc-endpoint.service"
	written=$(stat -c %Y "$CONFIG") || fail "there is no $CONFIG"

	# The start of a process is field 22 of stat, the 20th behind the name in parentheses, in
	# ticks of 1/100 s since the boot. One that has just ended is passed over.
	starts=''
	for child in $children; do
		if read -r line <"/proc/$child/stat"; then
			line=${line##*\) }
			starts="$starts $(printf '%s\n' "$line" | cut -d' ' -f20)"
		fi
	done
	awk -v starts="$starts" -v written="$written" '$1 == "btime" {
		n = split(starts, start, " ")
		for (i = 1; i <= n; i++) if (start[i] + 0 > youngest) youngest = start[i] + 0
		late = written - ($2 + youngest / 100)
		if (late > 1) printf "%d\n", late
	}' /proc/stat
}

left=30
while :; do
	state=$(systemctl show --property=ActiveState --value sprayc-endpoint.service) || fail "systemctl cannot say whether sprayc-endpoint.service runs"
	late=
	case $state in
	reloading) ;;
	active) # it may not have begun to
		late=$(late) || exit 1
		if [ -z "$late" ] || [ "$left" -le 25 ]; then break; fi
		;;
	*) break ;;
	esac
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
found sprayc-endpoint.service active "$state" 'systemctl show' 'look at: journalctl -u sprayc-endpoint.service'
[ "$state" = active ] || return 0
curl --silent --fail --noproxy '*' --max-time 5 --output /dev/null "$HEALTH" || fail "the balancer does not answer at $HEALTH; look at: journalctl -u sprayc-endpoint.service"
found 'health of the balancer' well well "$HEALTH"
is="as in $CONFIG"
[ -z "$late" ] || is="that of $late s before $CONFIG was written"
found 'configuration of the balancer' "as in $CONFIG" "$is" 'when its youngest process was started' 'run: systemctl reload sprayc-endpoint.service'
