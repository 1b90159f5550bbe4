#!/bin/sh
# A stand-in for kube-vip, of which the Go module proxy has no module: it does in ARP mode
# what the manifest asks of it and no more. Who holds the lease has the address; who cannot
# renew it gives the address up.
set -u
kubectl() { /kubectl --kubeconfig /etc/kubernetes/admin.conf --server "https://kubernetes:$port" --cache-dir /tmp/kubectl --request-timeout "${vip_renewdeadline}s" --namespace "$cp_namespace" "$@"; }
up=false
down() {
	ip address delete "$address/$vip_subnet" dev "$vip_interface" 2>/dev/null
	up=false
}
trap 'down; exit 0' TERM INT
[ "${1-}" = manager ] && [ "$vip_arp" = true ] && [ "$cp_enable" = true ] || exit 2

# hold: the lease is ours, or was given up; whoever writes it must have read it as it is.
hold() {
	read -r version holder renewed <<END
$(kubectl get lease "$vip_leasename" --output 'jsonpath={.metadata.resourceVersion} {.spec.holderIdentity} {.metadata.annotations.renewed}' 2>/dev/null)
END
	now=$(date +%s)
	if [ -z "$version" ]; then
		kubectl create --filename - >/dev/null <<END
{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "$vip_leasename", "annotations": {"renewed": "$now"}}, "spec": {"holderIdentity": "$vip_nodename"}}
END
		return
	fi
	[ "$holder" = "$vip_nodename" ] || [ "$now" -gt $((renewed + vip_leaseduration)) ] || return 1
	kubectl replace --filename - >/dev/null <<END
{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "$vip_leasename", "resourceVersion": "$version", "annotations": {"renewed": "$now"}}, "spec": {"holderIdentity": "$vip_nodename"}}
END
}

while :; do
	if hold; then
		if [ "$up" = false ] && ip address add "$address/$vip_subnet" dev "$vip_interface"; then
			up=true
			arping -q -U -c 2 -I "$vip_interface" "$address"
		fi
	elif [ "$up" = true ]; then
		down
	fi
	sleep "$vip_retryperiod"
done
