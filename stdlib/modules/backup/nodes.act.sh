# NODES  the names of the definition's control planes

export KUBECONFIG=/etc/kubernetes/admin.conf
nodes=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 10s get nodes --selector node-role.kubernetes.io/control-plane --output 'jsonpath={.items[*].metadata.name}') ||
	fail 'the API server does not say which nodes there are'
for node in $nodes; do
	case " $NODES " in
	*" $node "*) continue ;;
	esac
	note "$node is of the backup alone: its node goes"
	kubectl --cache-dir /run/sprayc/kubectl delete node "$node" --ignore-not-found || fail "the node $node is still there"
done
