# What kubeadm would write today, against what the kubelet starts the control plane from.
# A member of etcd keeps what it was told of the others when it joined.
#
# CONFIG            the document of kubeadm init
# DIGEST            its own, as the definition has it
# ADDRESS, TIMEOUT  for the act

: "$ADDRESS" "$TIMEOUT"
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	blocked 'kubeadm' 'this host is no control plane yet'
	return 0
fi
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
if [ "${document%% *}" != "$DIGEST" ]; then
	blocked "file $CONFIG" 'it says something else than the definition'
	return 0
fi
folder=/run/sprayc/kubeadm/manifests
rm -rf "$folder" || fail "cannot empty $folder"
mkdir -p "$folder" || fail "cannot create $folder"
export KUBEADM_INIT_DRYRUN_DIR="$folder"
kubeadm init phase control-plane all --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifests'
if [ -e /etc/kubernetes/manifests/etcd.yaml ]; then
	kubeadm init phase etcd local --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifest of etcd'
	awk '/^    - --initial-cluster(-state)?=/ {
		if (FILENAME == ARGV[1]) { kept = kept $0 "\n"; next }
		printf "%s", kept
		kept = ""
		next
	}
	FILENAME == ARGV[2] { print }' /etc/kubernetes/manifests/etcd.yaml "$folder/etcd.yaml" >"$folder/.etcd.yaml" || fail "cannot write $folder/.etcd.yaml"
	mv -f "$folder/.etcd.yaml" "$folder/etcd.yaml" || fail "cannot write $folder/etcd.yaml"
fi
for manifest in "$folder"/*.yaml; do
	name=${manifest##*/}
	cmp -s "$manifest" "/etc/kubernetes/manifests/$name" || differs "${name%.yaml} would start with another manifest"
done
ok
