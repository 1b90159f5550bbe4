# The kubelet has started kube-vip.

if grep -qsx kube-vip /proc/[0-9]*/comm; then
	ok
else
	differs 'kube-vip does not run; look at: journalctl -u kubelet.service'
fi
