# kubeadm init, phase by phase: each keeps what it finds, so that one that was killed is
# taken up where it stopped, with the CA that it has made.
#
# CONFIG    the document of kubeadm init
# ADDRESS   ADDRESS:PORT of this host's API server
# ENDPOINT  HOST:PORT by which all reach the API servers
# POD       manifest of a static pod that makes the endpoint answer; empty: it does so already
# TIMEOUT   seconds in which each must answer

founding=${CONFIG%/*}/founding

phase() {
	note "kubeadm init phase $*"
	kubeadm init phase "$@" --config "$CONFIG" || fail "kubeadm init phase $* did not succeed; the log says why"
}

# answers HOST:PORT
answers() {
	left=$TIMEOUT
	until answer=$(curl --silent --insecure --noproxy '*' --max-time 5 "https://$1/readyz") && [ "$answer" = ok ]; do
		[ "$left" -gt 0 ] || fail "the API server does not answer at $1 after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
}

# kubeadm's own checks want an empty host, which one that was begun is not.
if [ ! -e "$founding" ]; then
	phase preflight
	printf 'kubeadm init has begun here\n' >"$founding" || fail "cannot write $founding"
fi
phase certs all
# Where the CA's key is outside, kubeadm leaves the one for service accounts out too.
pki=/etc/kubernetes/pki
if [ ! -s "$pki/sa.key" ]; then
	rm -rf "$pki/.sa" || fail "cannot remove $pki/.sa"
	(umask 077 && mkdir -p "$pki/.sa") || fail "cannot create $pki/.sa"
	awk -v folder="$pki/.sa" '
		/^"?certificatesDir"?:/ { next }
		{ print }
		/^"?kind"?: "?ClusterConfiguration"?$/ { print "\"certificatesDir\": \"" folder "\"" }' "$CONFIG" >"$pki/.sa/config.yaml" || fail "cannot read $CONFIG"
	note 'kubeadm init phase certs sa'
	kubeadm init phase certs sa --config "$pki/.sa/config.yaml" || fail 'kubeadm makes no key for service accounts'
	mv -f "$pki/.sa/sa.pub" "$pki/.sa/sa.key" "$pki/" || fail "cannot write in $pki"
fi
rm -rf "$pki/.sa" || fail "cannot remove $pki/.sa"
phase kubeconfig all
phase etcd local
phase control-plane all
if [ -n "$POD" ]; then
	temporary=/etc/kubernetes/manifests/.${POD##*/}.spray.new
	(umask 077 && cat "$POD" >"$temporary") || fail "cannot write $temporary"
	mv -f "$temporary" "/etc/kubernetes/manifests/${POD##*/}" || fail "cannot write /etc/kubernetes/manifests/${POD##*/}"
fi
phase kubelet-start

note 'waits for the API server'
answers "$ADDRESS"

# The pod asks the API server with admin.conf, which may do so when this is there. kubeadm
# makes the same, but asks at the endpoint.
if [ -n "$POD" ]; then
	set -- --kubeconfig /etc/kubernetes/super-admin.conf --server "https://$ADDRESS" --cache-dir /run/sprayc/kubectl
	kubectl "$@" get clusterrolebinding kubeadm:cluster-admins >/dev/null 2>&1 ||
		kubectl "$@" create clusterrolebinding kubeadm:cluster-admins --clusterrole cluster-admin --group kubeadm:cluster-admins ||
		fail 'the administrators of the cluster get no rights'
	note 'waits for the endpoint'
	answers "$ENDPOINT"
fi

phase upload-config all
phase mark-control-plane
phase bootstrap-token --skip-token-print
phase kubelet-finalize all

# From a backup the nodes come as they were, and kubeadm lets nobody join by the name of one
# that is Ready. Who is there says so again by itself.
case $(cat "$founding") in
*'from a backup'*)
	nodes=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl get nodes --output name) || fail 'the nodes are not told'
	for node in $nodes; do
		kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl patch "$node" --subresource status \
			--patch '{"status": {"conditions": [{"type": "Ready", "status": "Unknown", "reason": "Restored", "message": "as a backup has it"}]}}' ||
			fail "$node is not known to be unknown"
	done
	;;
esac
rm -f "$founding" || fail "cannot remove $founding"
