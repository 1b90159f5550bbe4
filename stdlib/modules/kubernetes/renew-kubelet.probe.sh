# The certificate that the kubelet has made for itself: good for long enough, and shown.
#
# RENEW    days before its end from which on it is made anew
# AT       HOST:PORT of the kubelet
# TIMEOUT  for the act

: "$TIMEOUT"
pki=/var/lib/kubelet/pki
if [ ! -s /etc/kubernetes/kubelet.conf ] || ! systemctl is-active --quiet kubelet.service; then
	note 'no kubelet runs here yet'
	ok
	return 0
fi
# One that the cluster has signed renews itself.
if [ -e "$pki/kubelet-server-current.pem" ]; then
	ok
	return 0
fi
if [ ! -e "$pki/kubelet.crt" ] || [ ! -e "$pki/kubelet.key" ]; then
	differs "the kubelet's certificate is not there, or its key is not"
	return 0
fi
days=$(certificate_days "$pki/kubelet.crt") || exit 1
if [ "$days" -lt "$RENEW" ]; then
	is="ends in $days days"
	[ "$days" -ge 0 ] || is='has ended'
	differs "the kubelet's certificate $is"
	return 0
fi
if said=$(curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' "https://$AT/healthz" 2>&1); then
	certificate_shown "$said" "$pki/kubelet.crt" || differs 'the kubelet shows another certificate than it has'
fi
ok
