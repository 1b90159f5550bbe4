# The kubelet of a node runs. kubeadm starts it; somebody may have stopped it since.

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
systemctl is-active --quiet kubelet.service || differs 'kubelet.service does not run'
ok
