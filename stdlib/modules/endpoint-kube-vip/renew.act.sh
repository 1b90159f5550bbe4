# Ends it; the kubelet starts it anew. The next host's turn comes when an API server answers at
# the endpoint.
#
# ENDPOINT  HOST:PORT
# TIMEOUT   seconds for that

read -r pid </run/sprayc/kube-vip || fail 'the probe has written nothing'
note 'kube-vip is started anew'
kill "$pid" || note "process $pid has ended by itself"

# runs: one of that name, and another than before.
runs() {
	for folder in /proc/[0-9]*; do
		read -r is 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$is" != kube-vip ] || [ "${folder##*/}" = "$pid" ] || return 0
	done
	return 1
}

left=$TIMEOUT
until [ ! -e "/proc/$pid" ] && runs && curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$ENDPOINT/readyz"; do
	[ "$left" -gt 0 ] || fail "kube-vip does not run, or no API server answers at $ENDPOINT, $TIMEOUT s after its end; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
