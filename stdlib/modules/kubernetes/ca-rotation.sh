# What is refused before anything changes.
#
# GENERATION  of the cluster's CA
# FORGET      true: the CA of before is to be trusted no more
# DIGEST      that of kubeadm's document, as the definition has it
# CONFIG      the document of kubeadm init
# SERVER      ADDRESS:PORT of this host's API server

pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	fail 'this host is no control plane yet: sprayc run makes it one'
fi
brought=
if [ -e "$own" ]; then
	while read -r name; do
		case $name in
		'' | sa.* | etcd/* | apiserver-etcd-client.*) ;;
		*) brought="$brought${brought:+, }$name" ;;
		esac
	done <"$own"
fi
[ -z "$brought" ] || fail "these come from outside (certificates own), so no other CA is made here: $brought. Who has made that CA may issue it anew with the same key: bring the new files, and run. Another key is for a new cluster"
for ca in ca front-proxy-ca; do
	if [ ! -s "$pki/$ca.crt" ] || [ ! -s "$pki/$ca.key" ]; then fail "this host has no $pki/$ca.key, with which certificates are made anew: put it there for as long as it takes"; fi
done
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
[ "${document%% *}" = "$DIGEST" ] || fail 'the definition says something else than the last run has brought here: sprayc run comes first'
# One that an earlier run, which was killed, has ended may just be starting.
left=60
until noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}'); do
	[ "$left" -gt 0 ] || fail "the API server at $SERVER does not say how far the cluster has come with another CA"
	left=$((left - 1))
	sleep 1
done
read -r have state rest <<END
$noted
END
: "$rest"
have=${have:-1}
[ "$have" -le "$GENERATION" ] || fail "the cluster's CA is of generation $have, and ca has $GENERATION: a generation never comes back, write $have or more"
if [ "$have" -lt "$GENERATION" ] && [ -n "$state" ] && [ "$state" != alone ]; then
	fail "the CA of before generation $have is trusted still: write generation = $have, and sprayc certificates forget-ca first"
fi
[ "$FORGET" = true ] || return 0
case $have,$state in
"$GENERATION,signs" | "$GENERATION,alone") ;;
*) fail "the CA of generation $GENERATION does not sign everything yet: sprayc certificates rotate-ca comes first" ;;
esac
