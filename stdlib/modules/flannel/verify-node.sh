# flanneld of this node runs with the definition's settings: it notes them at its node, the
# kernel has the port, and what pods get is in /run/flannel/subnet.env. One whose pod has
# just begun takes a moment.
#
# NAME       the node's
# BACKEND    vxlan, host-gw or wireguard
# VNI, PORT  of VXLAN; empty for another backend
# NETWORK    the pods' addresses
# WAIT       seconds
# MTU        of pods, when the definition gives the nodes' one; else empty

nl='
'
now=$(date +%s)
until=$((now + WAIT))
while :; do
	runs='' network='' mtu='' port=
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$command" != flanneld ] || runs=runs
	done
	said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" \
		--output 'jsonpath={.metadata.annotations.flannel\.alpha\.coreos\.com/backend-type}{"\n"}{.metadata.annotations.flannel\.alpha\.coreos\.com/backend-data}') || said=
	backend=${said%%"$nl"*} vni=
	case $said in
	*'"VNI":'*)
		vni=${said#*'"VNI":'}
		vni=${vni%%[!0-9]*}
		;;
	esac
	if [ -r /run/flannel/subnet.env ]; then
		while IFS='=' read -r key value; do
			case $key in
			FLANNEL_NETWORK) network=$value ;;
			FLANNEL_MTU) [ -z "$MTU" ] || mtu=$value ;;
			esac
		done </run/flannel/subnet.env
	fi
	if [ -n "$PORT" ]; then
		port=$(cat /proc/net/udp /proc/net/udp6 2>/dev/null | awk -v port="$PORT" 'BEGIN { hex = sprintf(":%04X", port) } $2 ~ hex "$" { there = port } END { print there }') || port=
	else
		vni=
	fi
	[ "$runs,$backend,$vni,$port,$network,$mtu" != "runs,$BACKEND,$VNI,$PORT,$NETWORK,$MTU" ] || break
	now=$(date +%s)
	[ "$now" -lt "$until" ] || break
	sleep 1
done
found flanneld runs "$runs" /proc 'kubectl --namespace kube-flannel describe pods says more'
found 'backend of flannel' "$BACKEND" "$backend" 'what flanneld has noted at its node'
found 'network of flannel' "$NETWORK" "$network" 'what flanneld has written to /run/flannel/subnet.env'
[ -z "$MTU" ] || found 'MTU of pods' "$MTU" "$mtu" 'what flanneld has written to /run/flannel/subnet.env'
if [ -n "$PORT" ]; then
	found 'VNI of flannel' "$VNI" "$vni" 'what flanneld has noted at its node'
	found 'UDP port of flannel' "$PORT" "$port" /proc/net/udp
fi
