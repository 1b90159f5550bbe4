# NOTE    what the cluster has come to
# TARGET  the key, and what it is for

kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl annotate namespace kube-system --overwrite \
	"sprayc/encryption=$NOTE $TARGET" || fail 'the note is not made'
