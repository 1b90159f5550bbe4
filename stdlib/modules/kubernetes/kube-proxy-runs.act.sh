# Ends a kube-proxy that has read another configuration than the cluster keeps, once the
# kubelet has brought it that; the kubelet starts it anew. What it has set up stays meanwhile.
#
# CONFIGURATION  for the probe

: "$CONFIGURATION"

# running: the processes of kube-proxy.
running() {
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$command" != kube-proxy ] || printf '%s\n' "${folder##*/}"
	done
}

# brought PID: its file is as the cluster keeps it.
brought() {
	wanted=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
		--namespace kube-system get configmap kube-proxy --output 'jsonpath={.data.config\.conf}') || return 1
	[ "$wanted" = "$(cat "/proc/$1/root/var/lib/kube-proxy/config.conf" 2>/dev/null)" ]
}

left=240
before=$(running)
for pid in $before; do
	until brought "$pid" || [ ! -e "/proc/$pid" ]; do
		[ "$left" -gt 0 ] || fail 'kube-proxy does not get the configuration that the cluster keeps; look at: journalctl -u kubelet.service'
		left=$((left - 1))
		sleep 1
	done
	[ -e "/proc/$pid" ] || continue
	note 'kube-proxy is started anew, as it has read another configuration'
	kill "$pid" || note "process $pid has ended by itself"
done
until after=$(running) && [ -n "$after" ] && [ "$after" != "$before" ]; do
	[ "$left" -gt 0 ] || fail 'kube-proxy does not run here; kubectl -n kube-system get pods says more'
	left=$((left - 1))
	sleep 1
done
