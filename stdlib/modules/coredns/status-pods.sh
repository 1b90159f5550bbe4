# From the network of a pod of this host CoreDNS takes connections at the address of its Service:
# from pod to pod, most often of another host, by what makes Services. One pod that reaches it is
# enough, as network policies may forbid it to others; where no pod is, nothing is proven.
#
# NAME     of this host
# ADDRESS  of the Service, in brackets if it is of IPv6

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
asked=0
for network in /run/netns/*; do
	[ -e "$network" ] || continue
	# What is left of a pod that is gone cannot be entered.
	nsenter --net="$network" true 2>/dev/null || continue
	asked=$((asked + 1))
	[ "$asked" -le 5 ] || break
	# Policies that forbid its counters still let a pod ask for names.
	for port in 9153 53; do
		connected=$(nsenter --net="$network" curl --silent --noproxy '*' --max-time 2 --output /dev/null --write-out '%{num_connects}' "http://$ADDRESS:$port/") || [ -n "$connected" ] || connected=0
		[ "$connected" = 0 ] || break 2
	done
done
case $asked:${connected:-} in
0:*) status ok "$NAME" 'no pod of its own network is here to ask from' ;;
*:0) status bad "$NAME" "CoreDNS is not reached at $ADDRESS from pods of this host" "if its pods are Ready, look at the pods' network between the hosts: its own pods, its routes, and a firewall" ;;
*) status ok "$NAME" 'reached' ;;
esac
