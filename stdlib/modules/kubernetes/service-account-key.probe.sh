# Whether this host has the pair of a generation: in a folder of its own until it signs, then
# in kubeadm's files. Which pair that is the cluster has noted, when all know it.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server
# CONFIG      for the act

: "$CONFIG"
pki=/etc/kubernetes/pki folder=/etc/kubernetes/service-account/$GENERATION
nl='
'
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}') || {
	blocked 'the API server' 'it does not say which key it has'
	return 0
}
read -r generation state id since <<END
$noted
END
: "$state" "$since"
[ "$generation" = "$GENERATION" ] || id=
mine=
if [ -s "$folder/sa.key" ] && [ -s "$folder/sa.pub" ]; then mine=$(public_key_ids "$folder/sa.pub") || exit 1; fi
first=$(public_key_ids "$pki/sa.pub") || exit 1
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
absent "this host has no key of generation $GENERATION"
