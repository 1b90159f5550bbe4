# kubeadm makes both beside its own, which stay: the cluster's, and that of the API server as a
# client of aggregated ones.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server
# CONFIG      the document of kubeadm init

umask 077
folder=/etc/kubernetes/pki/rotation
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') ||
	fail 'the API server does not say which CA it has'
[ "${noted%% *}" != "$GENERATION" ] || fail "no control plane has the CA of generation $GENERATION that the cluster knows: bring one back that has, or write another generation"
rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
mkdir -p "$folder/.new" || fail "cannot create $folder/.new"
awk -v folder="$folder/.new" '
	/^"?certificatesDir"?:/ { next }
	{ print }
	/^"?kind"?: "?ClusterConfiguration"?$/ { print "\"certificatesDir\": \"" folder "\"" }' "$CONFIG" >"$folder/.new/config.yaml" || fail "cannot read $CONFIG"
for ca in ca front-proxy-ca; do
	kubeadm init phase certs "$ca" --config "$folder/.new/config.yaml" || fail "kubeadm makes no $ca"
	if [ ! -s "$folder/.new/$ca.key" ] || [ ! -s "$folder/.new/$ca.crt" ]; then fail "kubeadm has made no $ca in $folder/.new"; fi
done
rm -f "$folder/.new/config.yaml" || fail "cannot remove $folder/.new/config.yaml"
# No loss of power leaves them empty.
find "$folder/.new" -type f -exec sync {} + || fail "cannot write $folder/.new"
rm -rf "${folder:?}/$GENERATION" || fail "cannot remove $folder/$GENERATION"
mv "$folder/.new" "$folder/$GENERATION" || fail "cannot write $folder/$GENERATION"
