# A token for hosts that join, and the CA by which they know the cluster.

export KUBECONFIG=/etc/kubernetes/admin.conf
token=$(kubeadm token create --ttl 30m --description "sprayc on $(uname -n)") || fail 'kubeadm makes no token'
ca=$(kubectl config view --raw --output 'jsonpath={.clusters[0].cluster.certificate-authority-data}') || fail "$KUBECONFIG has no CA"
printf '%s %s\n' "$token" "$ca"
