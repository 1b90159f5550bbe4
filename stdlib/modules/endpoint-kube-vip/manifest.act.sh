# The manifest, then until the kube-vip that it makes runs, and an API server answers at the
# endpoint: the next host's turn comes after that.
#
# KEPT      the manifest as the definition has it
# DIGEST    for the probe
# ENDPOINT  HOST:PORT
# TIMEOUT   seconds for each

: "$DIGEST"
# since: when the newest kube-vip has started, in seconds since 1970. Arithmetic is awk's:
# some shells count in 32 bits.
since() {
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue
		case $line in
		*'(kube-vip) '*) printf '%s\n' "${line##*\) }" ;;
		esac
	done | awk 'FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next } $20 > last { last = $20 } END { printf "%d\n", last ? boot + last / 100 : 0 }' /proc/stat -
}

temporary=/etc/kubernetes/manifests/.kube-vip.spray.new
(umask 077 && cat "$KEPT" >"$temporary") || fail "cannot write $temporary"
mv -f "$temporary" /etc/kubernetes/manifests/kube-vip.yaml || fail 'cannot write /etc/kubernetes/manifests/kube-vip.yaml'
written=$(stat -c %Y /etc/kubernetes/manifests/kube-vip.yaml) || fail 'cannot stat /etc/kubernetes/manifests/kube-vip.yaml'
left=$TIMEOUT
until [ "$(since)" -ge "$written" ]; do
	[ "$left" -gt 0 ] || fail "kube-vip does not start anew within $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
left=$TIMEOUT
until curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$ENDPOINT/readyz"; do
	[ "$left" -gt 0 ] || fail "no API server answers at $ENDPOINT after $TIMEOUT s; look at the log of kube-vip: kubectl -n kube-system logs kube-vip-$(uname -n)"
	left=$((left - 1))
	sleep 1
done
