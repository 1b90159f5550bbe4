# NAME      the node's
# CONTROLS  lines: number|title|configz and a text that the kubelet's answer has, or has not after !

said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl get --raw "/api/v1/nodes/$NAME/proxy/configz") ||
	fail "the kubelet of $NAME does not say what its settings are"
while IFS='|' read -r id title how; do
	wanted=${how#configz }
	case $wanted in
	!*)
		case $said in
		*"${wanted#!}"*) differs "$id, $title: the kubelet says ${wanted#!}" ;;
		esac
		;;
	*)
		case $said in
		*"$wanted"*) ;;
		*) differs "$id, $title: the kubelet does not say $wanted" ;;
		esac
		;;
	esac
done <<END
$CONTROLS
END
