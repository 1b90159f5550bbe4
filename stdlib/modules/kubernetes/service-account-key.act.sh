# kubeadm makes a pair beside its own, which stays.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server
# CONFIG      the document of kubeadm init

umask 077
folder=/etc/kubernetes/service-account
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}') ||
	fail 'the API server does not say which key it has'
[ "${noted%% *}" != "$GENERATION" ] || fail "no control plane has the key of generation $GENERATION that the cluster knows: bring one back that has, or write another generation"
rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
mkdir -p "$folder/.new" || fail "cannot create $folder/.new"
awk -v folder="$folder/.new" '
	/^"?certificatesDir"?:/ { next }
	{ print }
	/^"?kind"?: "?ClusterConfiguration"?$/ { print "\"certificatesDir\": \"" folder "\"" }' "$CONFIG" >"$folder/.new/config.yaml" || fail "cannot read $CONFIG"
kubeadm init phase certs sa --config "$folder/.new/config.yaml" || fail 'kubeadm makes no key'
rm -f "$folder/.new/config.yaml" || fail "cannot remove $folder/.new/config.yaml"
if [ ! -s "$folder/.new/sa.key" ] || [ ! -s "$folder/.new/sa.pub" ]; then fail "kubeadm has made no key in $folder/.new"; fi
# No loss of power leaves it empty.
find "$folder/.new" -type f -exec sync {} + || fail "cannot write $folder/.new"
rm -rf "${folder:?}/$GENERATION" || fail "cannot remove $folder/$GENERATION"
mv "$folder/.new" "$folder/$GENERATION" || fail "cannot write $folder/$GENERATION"
