# CONFIG    the document of kubeadm join
# ENDPOINT  HOST:PORT of the API server
# ROLE      control_plane or worker

: "$ENDPOINT" "$ROLE"
if [ -e "${CONFIG%/*}/joining" ]; then
	differs 'kubeadm join was begun here and not finished'
elif [ -s /etc/kubernetes/kubelet.conf ] && [ -e /var/lib/kubelet/pki/kubelet-client-current.pem ]; then
	ok
else
	differs 'this host is in no cluster'
fi
