# kubeadm init, phase by phase: each keeps what it finds, so that one that was killed is
# taken up where it stopped, with the CA that it has made.
#
# CONFIG   the document of kubeadm init
# ADDRESS  ADDRESS:PORT of this host's API server
# TIMEOUT  seconds in which it must answer

founding=${CONFIG%/*}/founding

phase() {
	note "kubeadm init phase $*"
	kubeadm init phase "$@" --config "$CONFIG" || fail "kubeadm init phase $* did not succeed; the log says why"
}

# kubeadm's own checks want an empty host, which one that was begun is not.
if [ ! -e "$founding" ]; then
	phase preflight
	printf 'kubeadm init has begun here\n' >"$founding" || fail "cannot write $founding"
fi
phase certs all
phase kubeconfig all
phase etcd local
phase control-plane all
phase kubelet-start

note 'waits for the API server'
left=$TIMEOUT
until answer=$(curl --silent --insecure --max-time 5 "https://$ADDRESS/readyz") && [ "$answer" = ok ]; do
	[ "$left" -gt 0 ] || fail "the API server does not answer at $ADDRESS after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done

phase upload-config all
phase mark-control-plane
phase bootstrap-token --skip-token-print
phase kubelet-finalize all
rm -f "$founding" || fail "cannot remove $founding"
