# Ends those processes; the kubelet starts them anew.
#
# TIMEOUT           seconds in which each must answer again
# PROCESSES, RENEW  for the probe, which has written the list

: "$PROCESSES" "$RENEW"
# runs COMM PID: one of that name, and another than before.
runs() {
	for folder in /proc/[0-9]*; do
		read -r is 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$is" != "$1" ] || [ "${folder##*/}" = "$2" ] || return 0
	done
	return 1
}

# answers WHERE
answers() { [ "$1" = - ] || curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$1/healthz"; }

while read -r name command pid where; do
	note "$name is started anew"
	kill "$pid" || note "process $pid has ended by itself"
	left=$TIMEOUT
	until [ ! -e "/proc/$pid" ] && runs "$command" "$pid" && answers "$where"; do
		[ "$left" -gt 0 ] || fail "$name does not answer $TIMEOUT s after its end; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
done </run/sprayc/kubeadm/restarts
