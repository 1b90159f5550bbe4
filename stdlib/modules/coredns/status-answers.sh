# CoreDNS answers at the address of its Service, as seen from this host: by HTTP, with what it
# counts, as a host need not have a program that asks DNS servers.
#
# URL  of its metrics

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
said=$(curl --silent --noproxy '*' --max-time 5 "$URL") || fail "CoreDNS does not answer at $URL from this host; if its pods are Ready, look at what makes Services and the pods' network here"
case $said in
*coredns_build_info*) ok ;;
*) fail "what answers at $URL is not CoreDNS" ;;
esac
