# Whether the cluster sees that etcd of this control plane is ready.
#
# NAME  the host's

export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
ready=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 5s --namespace kube-system get pod "etcd-$NAME" --output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') || ready=
[ "$ready" = True ] || differs "the pod etcd-$NAME is not ready"
ok
