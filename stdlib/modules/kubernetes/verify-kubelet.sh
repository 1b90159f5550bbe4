# The settings that the kubelet itself says it runs with, through the API server. One that
# was just started does not answer yet, though its node is still Ready.
#
# NAME  the node's
# WANT  lines of its configuration as JSON has them: "maxPods":110

nl='
'
left=60
until said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s get --raw "/api/v1/nodes/$NAME/proxy/configz"); do
	[ "$left" -gt 0 ] || fail "the kubelet of $NAME does not answer the API server; look there at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
rest=$WANT$nl
while [ -n "$rest" ]; do
	line=${rest%%"$nl"*} rest=${rest#*"$nl"}
	case $said in
	*"$line,"* | *"$line}"*) ;;
	*) differs "the kubelet of $NAME runs without $line; run there: systemctl restart kubelet.service" ;;
	esac
done
