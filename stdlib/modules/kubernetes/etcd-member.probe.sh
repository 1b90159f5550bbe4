# BEGUN  is there until this control plane's member votes
# CONFIG, DATA, NAME, PEER, ENDPOINTS, TIMEOUT  for the act

: "$CONFIG" "$DATA" "$NAME" "$PEER" "$ENDPOINTS" "$TIMEOUT"
if [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	blocked kubeadm 'this host is no control plane yet; sprayc run makes it one'
	return 0
fi
if [ -e "$BEGUN" ]; then
	differs 'has not been promoted to a member that votes'
elif [ ! -e /etc/kubernetes/manifests/etcd.yaml ]; then
	differs 'has no member of etcd yet'
fi
ok
