# The certificate that the API server shows has each name, by the cluster's CA: asked of
# the server itself. Where it is for all names below one, any of them is asked for.
#
# ADDRESS, PORT  this host's API server
# NAMES          names and addresses that it must have
# CONFIG         for the act

: "$CONFIG"
if [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	blocked 'kubeadm' 'this host is no control plane yet'
	return 0
fi
# The API server goes on showing what it has read when the act is killed between its two.
if [ ! -s /etc/kubernetes/pki/apiserver.crt ] || [ ! -s /etc/kubernetes/pki/apiserver.key ]; then
	differs "the API server's certificate is not there, or its key is not"
	return 0
fi
set --
for name in $NAMES; do
	case $name in
	*:*) name="[$name]" ;;
	'*.'*) name=any${name#?} ;;
	esac
	set -- "$@" --connect-to "$name:$PORT:$ADDRESS:$PORT" "https://$name:$PORT/livez"
done
if curl --silent --fail-early --max-time 10 --noproxy '*' --cacert /etc/kubernetes/pki/ca.crt "$@" >/dev/null; then
	ok
	return 0
fi
for name in $NAMES; do
	case $name in
	*:*) name="[$name]" ;;
	'*.'*) name=any${name#?} ;;
	esac
	status=0
	curl --silent --show-error --max-time 10 --output /dev/null --noproxy '*' --cacert /etc/kubernetes/pki/ca.crt \
		--connect-to "$name:$PORT:$ADDRESS:$PORT" "https://$name:$PORT/livez" || status=$?
	case $status in
	0) ;;
	51 | 60) differs "the API server's certificate is not good for $name" ;;
	*) note "the API server at $ADDRESS:$PORT does not show its certificate (curl: $status)" ;;
	esac
done
ok
