# What the key opens goes, and the key with it.

kubectl --kubeconfig /etc/kubernetes/admin.conf --namespace kube-system delete secret kubeadm-certs --ignore-not-found >/dev/null ||
	fail 'the secret kubeadm-certs is still there'
