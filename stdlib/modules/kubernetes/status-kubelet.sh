# The kubelet of this host runs, is well, and has a node in the cluster.
#
# NAME    this node's
# HEALTH  HOST:PORT of its own health; nothing where it has none

conf=/etc/kubernetes/kubelet.conf
if [ ! -s "$conf" ]; then
	status bad "$NAME" 'this host is in no cluster' 'sprayc run brings it in'
	return 0
fi
state=$(systemctl show --property ActiveState --value kubelet.service) || fail 'systemctl cannot say whether kubelet.service runs'
if [ "$state" != active ]; then
	status bad "$NAME" "kubelet.service is ${state:-not there}" 'there: systemctl start kubelet.service; journalctl -u kubelet.service says why it has ended'
	return 0
fi
if [ -n "$HEALTH" ]; then
	said=$(curl --silent --noproxy '*' --max-time 5 "http://$HEALTH/healthz") || said='nothing'
	if [ "$said" != ok ]; then
		status bad "$NAME" "it says $said at http://$HEALTH/healthz" 'there look at: journalctl -u kubelet.service'
		return 0
	fi
fi
# One question tells that nobody answers, which the line of the endpoint tells.
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done <"$conf"
if curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz"; then
	said=$(kubectl --kubeconfig "$conf" --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" --output name 2>&1) || : # tolerate: what it says is told
	case $said in
	node/*) ;;
	*'(NotFound)'*)
		status bad "$NAME" 'it runs, and the cluster has no node of this name' 'there: systemctl restart kubelet.service'
		return 0
		;;
	*)
		status bad "$NAME" "$server does not tell it of its node: $said" 'there look at: journalctl -u kubelet.service'
		return 0
		;;
	esac
fi
status ok "$NAME" active
