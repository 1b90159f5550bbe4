# A control plane of the backup that the definition does not have is gone for good: what ran
# there goes with its node, and is made anew where there are hosts. Other nodes are left.
#
# NODES  the names of the definition's control planes

export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
nodes=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 10s get nodes --selector node-role.kubernetes.io/control-plane --output 'jsonpath={.items[*].metadata.name}') || {
	blocked 'the API server' 'it does not say which nodes there are'
	return 0
}
for node in $nodes; do
	case " $NODES " in
	*" $node "*) ;;
	*) differs "$node is of the backup alone" ;;
	esac
done
ok
