# kubeadm join; one that was killed is taken up where it stopped.
#
# CONFIG    the document of kubeadm join
# ENDPOINT  HOST:PORT of the API server
# TOKEN     a file: a token, and the CA's certificate
# KEY       a file: the key to the control planes' certificates; empty for a worker
# ROLE      control_plane or worker

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

joining=${CONFIG%/*}/joining
umask 077
mkdir -p /run/sprayc/kubeadm || fail 'cannot create /run/sprayc/kubeadm'
document=/run/sprayc/kubeadm/join.yaml
discovery=/run/sprayc/kubeadm/discovery.conf

token=$(cat "$TOKEN") || fail 'there is no token'
ca=${token#* } token=${token%% *} key=
# kubeadm gives it what is trusted, by which its controller manager could not sign.
several=$(printf '%s\n' "$ca" | base64 -d | awk '/^-----BEGIN/ { n++ } END { print n + 0 }') || fail 'awk does not work'
if [ "$ROLE" = control_plane ] && [ "$several" -gt 1 ]; then fail "the cluster's CA is being rotated: control planes join when sprayc certificates forget-ca has ended that"; fi
if [ "$ROLE" = control_plane ]; then key=$(cat "$KEY") || fail 'there is no certificate key'; fi
{
	printf 'apiVersion: v1\nkind: Config\ncurrent-context: join\n'
	printf 'contexts: [{name: join, context: {cluster: join, user: join}}]\n'
	printf 'clusters: [{name: join, cluster: {server: "https://%s", certificate-authority-data: "%s"}}]\n' "$ENDPOINT" "$ca"
	printf 'users: [{name: join, user: {token: "%s"}}]\n' "$token"
} >"$discovery" || fail "cannot write $discovery"
while IFS= read -r line; do
	case $line in
	*CERTIFICATE_KEY*) printf '%s%s"\n' "${line%CERTIFICATE_KEY*}" "$key" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$CONFIG" >"$document" || fail "cannot write $document"

# kubeadm's own checks want an empty host, and its kubelet-start a node that the cluster
# does not know yet.
skip=
if [ -e "$joining" ]; then
	skip=preflight
	if [ -e /var/lib/kubelet/pki/kubelet-client-current.pem ]; then skip=preflight,kubelet-start; fi
fi
# What was brought from outside is there already: nothing is kept in the cluster for this
# host when the key of a CA stays outside, and kubelet.conf is not one of another cluster.
ignore=
if [ "$ROLE" = control_plane ]; then
	if outside ca || outside front-proxy-ca; then skip=${skip:+$skip,}control-plane-prepare/download-certs; fi
	if brought kubelet.conf; then ignore=FileAvailable--etc-kubernetes-kubelet.conf; fi
fi
printf 'kubeadm join has begun here\n' >"$joining" || fail "cannot write $joining"
status=0
kubeadm join --config "$document" --skip-phases "$skip" --ignore-preflight-errors "$ignore" || status=$?
rm -f "$document" "$discovery" || fail "cannot remove $document and $discovery"
[ "$status" -eq 0 ] || fail 'kubeadm join did not succeed; the log says why'
rm -f "$joining" || fail "cannot remove $joining"
