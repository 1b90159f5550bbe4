# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server

nl='
'
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}') || fail 'the API server does not say which key of service accounts it has'
case $noted in
"$GENERATION signs "*)
	# A host that was away meanwhile has its own still.
	have=$(public_key_ids /etc/kubernetes/pki/sa.pub) || exit 1
	id=${noted#* signs }
	[ "${have%%"$nl"*}" = "${id%% *}" ] || fail 'this host signs tokens of service accounts with another key than the cluster has: sprayc certificates rotate-keys brings it here too'
	;;
*) warn "service_account_key has generation $GENERATION, which does not sign yet: sprayc certificates rotate-keys brings it" ;;
esac
