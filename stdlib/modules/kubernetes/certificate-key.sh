# The key with which the certificates that all control planes share are kept in the
# cluster while one joins. It is in no argument of a program. kubeadm keeps nothing there
# when the key of a CA stays outside: then all is brought to each control plane, and the key
# opens nothing.

# brought NAME: this host has it from outside (certificates-own).
brought() {
	[ -r /etc/kubernetes/own-certificates ] || return 1
	while read -r name; do
		[ "$name" != "$1" ] || return 0
	done </etc/kubernetes/own-certificates
	return 1
}

# outside CA: its certificate came without its key.
outside() { brought "$1.crt" && ! brought "$1.key"; }

key=$(kubeadm certs certificate-key) || fail 'kubeadm makes no key'
if ! outside ca && ! outside front-proxy-ca; then
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
fi
printf '%s\n' "$key"
