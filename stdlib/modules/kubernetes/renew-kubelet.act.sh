# A kubelet that has neither certificate nor key makes both when it starts. Pods run on
# meanwhile.
#
# AT       HOST:PORT of the kubelet
# TIMEOUT  seconds in which it must show the new one
# RENEW    days that it must have left, else it goes

pki=/var/lib/kubelet/pki
shown() {
	said=$(curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' "https://$AT/healthz" 2>&1) || return 1
	[ -s "$pki/kubelet.key" ] && [ -s "$pki/kubelet.crt" ] && certificate_shown "$said" "$pki/kubelet.crt"
}

whole=false
if [ -s "$pki/kubelet.crt" ] && [ -s "$pki/kubelet.key" ]; then
	days=$(certificate_days "$pki/kubelet.crt") || exit 1
	if [ "$days" -ge "$RENEW" ]; then whole=true; fi
fi
[ "$whole" = true ] || rm -f "$pki/kubelet.crt" "$pki/kubelet.key" || fail "cannot remove $pki/kubelet.crt"
systemctl restart kubelet.service || fail 'kubelet.service does not start; look at: journalctl -u kubelet.service'
left=$TIMEOUT
until shown; do
	[ "$left" -gt 0 ] || fail "the kubelet shows no new certificate at $AT after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
