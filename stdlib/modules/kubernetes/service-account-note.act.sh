# GENERATION  the definition's
# NOTE        known or signs; with signs the key is the first of kubeadm's
# SERVER      ADDRESS:PORT of this host's API server

nl='
'
file=/etc/kubernetes/service-account/$GENERATION/sa.pub since=
if [ "$NOTE" = signs ]; then
	now=$(date +%s) || fail 'date does not work'
	file=/etc/kubernetes/pki/sa.pub since=" $now"
fi
id=$(public_key_ids "$file") || exit 1
kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --server "https://$SERVER" annotate namespace kube-system --overwrite \
	"sprayc/service-account-key=$GENERATION $NOTE ${id%%"$nl"*}$since" || fail 'the note is not made'
