# CONFIG  the document of kubeadm init
# DIGEST  of what of it is the cluster's

kubeadm init phase upload-config all --config "$CONFIG" || fail 'kubeadm does not upload its documents'
kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --namespace kube-system annotate configmap kubeadm-config --overwrite "sprayc/digest=$DIGEST" ||
	fail 'the digest is not noted'
