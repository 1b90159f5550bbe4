# A member of the cluster has the client certificate that its API server signed. What init
# has begun and not finished has a note beside kubeadm's documents.
#
# CONFIG                           the document of kubeadm init
# ADDRESS, ENDPOINT, POD, TIMEOUT  for the act

: "$ADDRESS" "$ENDPOINT" "$POD" "$TIMEOUT"
if [ -e "${CONFIG%/*}/founding" ]; then
	partial 'kubeadm init was begun here and not finished'
elif [ -s /etc/kubernetes/kubelet.conf ] && [ -e /var/lib/kubelet/pki/kubelet-client-current.pem ]; then
	present
else
	absent 'this host is in no cluster'
fi
