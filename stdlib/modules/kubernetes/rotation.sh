# What is refused before anything changes.
#
# GENERATION  of the key of service accounts; empty: that one stays
# ENCRYPTS    true: the definition has encryption at rest
# SERVER      ADDRESS:PORT of this host's API server

manifest=/etc/kubernetes/manifests/kube-apiserver.yaml own=/etc/kubernetes/own-certificates
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e "$manifest" ]; then
	fail 'this host is no control plane yet: sprayc run makes it one'
fi
if [ "$ENCRYPTS" = true ]; then
	grep -q -e '--encryption-provider-config=' "$manifest" || fail 'the API server does not encrypt yet: sprayc run brings encryption, sprayc certificates rotate-keys another generation of its key'
fi
[ -n "$GENERATION" ] || return 0
if [ -e "$own" ] && grep -qx 'sa[.]key' "$own"; then
	fail "the key of service accounts comes from outside (certificates own: sa_key), so it is not made here: its files stay as they are brought"
fi
# One that an earlier run, which was killed, has ended may just be starting.
left=60
until noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}'); do
	[ "$left" -gt 0 ] || fail "the API server at $SERVER does not say which key of service accounts it has"
	left=$((left - 1))
	sleep 1
done
have=${noted%% *}
if [ -n "$have" ] && [ "$have" -gt "$GENERATION" ]; then
	fail "the cluster's key of service accounts is of generation $have, and service_account_key has $GENERATION: a generation never comes back, write $have or more"
fi
