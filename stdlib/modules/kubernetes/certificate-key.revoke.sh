# What the key opens goes, and the key and what was to make them expire with it.

export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl --namespace kube-system delete secret kubeadm-certs --ignore-not-found >/dev/null || fail 'the secret kubeadm-certs is still there'
tokens=$(kubeadm token list --output 'jsonpath={.token}{" "}{.description}{"\n"}') || fail 'kubeadm lists no tokens'
printf '%s\n' "$tokens" | while read -r token description; do
	case $description in
	*kubeadm-certs*) kubeadm token delete "${token%%.*}" >/dev/null || fail "the token ${token%%.*} is still there" ;;
	esac
done
