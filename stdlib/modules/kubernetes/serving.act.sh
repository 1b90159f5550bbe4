# A certificate anew, by the same CA. The API server reads it by itself.
#
# ADDRESS, PORT  this host's API server
# NAMES          names and addresses that it must have
# CONFIG         the document of kubeadm init

pki=/etc/kubernetes/pki
if [ -e /etc/kubernetes/own-certificates ] && grep -qx apiserver.crt /etc/kubernetes/own-certificates; then
	fail "the API server's certificate was brought from outside and is not good for all of: $NAMES; bring one that is"
fi
rm -f "$pki/apiserver.crt" "$pki/apiserver.key" || fail "cannot remove $pki/apiserver.crt"
kubeadm init phase certs apiserver --config "$CONFIG" || fail 'kubeadm makes no certificate'
left=90
for name in $NAMES; do
	case $name in
	*:*) name="[$name]" ;;
	'*.'*) name=any${name#?} ;;
	esac
	until curl --silent --max-time 10 --output /dev/null --noproxy '*' --cacert "$pki/ca.crt" \
		--connect-to "$name:$PORT:$ADDRESS:$PORT" "https://$name:$PORT/livez"; do
		[ "$left" -gt 0 ] || fail "the API server does not show a certificate for $name"
		left=$((left - 1))
		sleep 1
	done
done
