# Every certificate of this node: those of kubeadm and the kubelet on disk, also in kubeconfigs,
# and what is served.
#
# ADDRESS, PORT  this host's API server, if it is a control plane
# KUBELET_PORT   that of its kubelet
# KUBELET_FILE   the certificate that the definition gives the kubelet, or nothing
# ENDPOINT       by which hosts reach the API server; asked by control planes
# CONTROLLER_MANAGER, SCHEDULER  HOST:PORT where they serve, or nothing
# CONTROLLER_MANAGER_FILE, SCHEDULER_FILE  the certificates that the definition gives them;
#           without one each makes one for itself when it starts

[ -s /etc/kubernetes/kubelet.conf ] || return 0
nl='
'
pki=/etc/kubernetes/pki kubelet=/var/lib/kubelet/pki own=/etc/kubernetes/own-certificates

# on_disk WHAT FILE: where there is that file.
on_disk() {
	[ -e "$2" ] || return 0
	name=${2#"$pki/"}
	brought=
	case $name in
	ca.crt | front-proxy-ca.crt)
		several=$(certificate_ids "$2") || exit 1
		case $several in
		*"$nl"*) brought='several are trusted while the CA is rotated, the first of which signs' ;;
		esac
		;;
	esac
	if [ -e "$own" ] && grep -qxF -e "${name#/etc/kubernetes/}" "$own"; then brought='brought from outside'; fi
	certificate "$1" "$2" "$brought"
}

# shows WHAT HOST:PORT FILE [CURL'S ARG...]
shows() {
	what=$1 at=$2 file=$3
	shift 3
	said=$(curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' "$@" "https://$at/healthz" 2>&1) || : # tolerate: what it says of the failure is told
	served "$what" "$at" "$said" "$file"
}

for file in "$pki"/*.crt "$pki"/etcd/*.crt; do
	name=${file#"$pki/"}
	on_disk "${name%.crt}" "$file"
done
for name in admin super-admin controller-manager scheduler kubelet; do
	file=/etc/kubernetes/$name.conf
	if [ -e "$file" ] && grep -q '^ *client-certificate-data:' "$file"; then on_disk "$name.conf" "$file"; fi
done
on_disk 'kubelet as a client' "$kubelet/kubelet-client-current.pem"
if [ -z "$KUBELET_FILE" ]; then
	KUBELET_FILE=$kubelet/kubelet.crt
	[ ! -e "$kubelet/kubelet-server-current.pem" ] || KUBELET_FILE=$kubelet/kubelet-server-current.pem
fi
on_disk 'kubelet as a server' "$KUBELET_FILE"
shows kubelet "$ADDRESS:$KUBELET_PORT" "$KUBELET_FILE"

[ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || return 0
shows kube-apiserver "$ADDRESS:$PORT" "$pki/apiserver.crt"
shows 'kube-apiserver through the endpoint' "$ENDPOINT" ''
[ -z "$CONTROLLER_MANAGER" ] || shows kube-controller-manager "$CONTROLLER_MANAGER" "$CONTROLLER_MANAGER_FILE"
[ -z "$SCHEDULER" ] || shows kube-scheduler "$SCHEDULER" "$SCHEDULER_FILE"
if [ -e /etc/kubernetes/manifests/etcd.yaml ]; then
	shows 'etcd for clients' "$ADDRESS:2379" "$pki/etcd/server.crt" --cert "$pki/etcd/peer.crt" --key "$pki/etcd/peer.key"
	shows 'etcd for peers' "$ADDRESS:2380" "$pki/etcd/peer.crt" --cert "$pki/etcd/peer.crt" --key "$pki/etcd/peer.key"
fi
