# Whether this host has the CA of a generation: in a folder of its own until it signs, then in
# kubeadm's files. Which one that is the cluster has noted, when all trust it.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server
# CONFIG      for the act

: "$CONFIG"
pki=/etc/kubernetes/pki
made=$pki/rotation/$GENERATION
nl='
'
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || {
	blocked 'the API server' 'it does not say which CA it has'
	return 0
}
read -r generation state id since <<END
$noted
END
: "$state" "$since"
[ "$generation" = "$GENERATION" ] || id=
mine=
if [ -s "$made/ca.key" ] && [ -s "$made/front-proxy-ca.key" ]; then mine=$(certificate_ids "$made/ca.crt") || exit 1; fi
first=$(certificate_ids "$pki/ca.crt") || exit 1
first=${first%%"$nl"*}
if [ -n "$id" ]; then
	if [ "$mine" = "$id" ] || [ "$first" = "$id" ]; then
		present
		return 0
	fi
elif [ -n "$mine" ]; then
	present
	return 0
fi
absent "this host has no CA of generation $GENERATION"
