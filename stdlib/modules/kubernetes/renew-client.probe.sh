# The certificate with which the kubelet of a control plane asks the API server, where the CA's
# key is on this host.
#
# RENEW                        days before its end from which on it is made anew
# VALIDITY, CONFIG, AT, TIMEOUT  for the act

: "$VALIDITY" "$CONFIG" "$AT" "$TIMEOUT"
pki=/var/lib/kubelet/pki own=/etc/kubernetes/own-certificates
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e "$pki/kubelet-client-current.pem" ] || [ ! -s /etc/kubernetes/pki/ca.key ]; then
	ok
	return 0
fi
if [ -e "$own" ] && grep -qxF kubelet.conf "$own"; then
	ok
	return 0
fi
[ ! -e "$pki/.renewing" ] || differs 'an earlier renewal was broken off'
days=$(certificate_days "$pki/kubelet-client-current.pem") || exit 1
if [ "$days" -lt "$RENEW" ]; then
	is="ends in $days days"
	[ "$days" -ge 0 ] || is='has ended'
	differs "the kubelet's certificate as a client $is"
fi
ok
