# The tokens that were made here.

export KUBECONFIG=/etc/kubernetes/admin.conf
tokens=$(kubeadm token list --output 'jsonpath={.token}{" "}{.description}{"\n"}') || fail 'kubeadm lists no tokens'
mine="sprayc on $(uname -n)"
printf '%s\n' "$tokens" | while read -r token description; do
	if [ "$description" = "$mine" ]; then
		kubeadm token delete "${token%%.*}" || fail "the token ${token%%.*} is still there"
	fi
done
