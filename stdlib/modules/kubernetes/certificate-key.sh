# The key with which the certificates that all control planes share are kept in the
# cluster while one joins. It is in no argument of a program.

key=$(kubeadm certs certificate-key) || fail 'kubeadm makes no key'
umask 077
mkdir -p /run/sprayc/kubeadm || fail 'cannot create /run/sprayc/kubeadm'
with=/run/sprayc/kubeadm/upload.yaml
while IFS= read -r line; do
	printf '%s\n' "$line"
	case $line in
	'"kind": "InitConfiguration"') printf 'certificateKey: %s\n' "$key" ;;
	esac
done </etc/kubernetes/kubeadm/init.yaml >"$with" || fail "cannot write $with"
status=0
kubeadm init phase upload-certs --upload-certs --config "$with" >/dev/null || status=$?
rm -f "$with" || fail "cannot remove $with"
[ "$status" -eq 0 ] || fail 'kubeadm does not upload the certificates'
printf '%s\n' "$key"
