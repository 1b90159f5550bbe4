# What the kubelet trusts, and its certificate as a client: it asks the cluster for another, by
# the one that it has, which stays until the other is there. It reads both when it starts; pods
# run on meanwhile.
#
# GENERATION  the definition's
# GOAL        trusts: its kubelet trusts it; signs: and is known by it; alone: no other is trusted
# BUNDLE      a file: what control planes trust, in base64: that which signs first
# NAME        the node's
# ADDRESS     its address
# VERSION     Kubernetes'
# AT          HOST:PORT of the kubelet
# TIMEOUT     seconds for the certificate, and in which the kubelet must answer

umask 077
pki=/etc/kubernetes/pki conf=/etc/kubernetes/kubelet.conf
folder=/var/lib/kubelet/pki/.signing current=/var/lib/kubelet/pki/kubelet-client-current.pem

# move FILE: what has been written for it becomes it, with the mode that it has.
move() {
	new=${1%/*}/.${1##*/}.spray.new
	mode=$(stat -c %a "$1") || fail "cannot stat $1"
	chmod "$mode" "$new" || fail "cannot chmod $new"
	sync "$new" || fail "cannot write $new" # so that no loss of power leaves it empty
	mv -f "$new" "$1" || fail "cannot write $1"
}

data=$(cat "$BUNDLE") || fail 'there is nothing to trust'
printf '%s\n' "$data" | base64 -d >"$pki/.ca.crt.spray.new" || fail "cannot write $pki/.ca.crt.spray.new"
certificate_ids "$pki/.ca.crt.spray.new" >/dev/null || exit 1
# A control plane has them already.
if cmp -s "$pki/.ca.crt.spray.new" "$pki/ca.crt"; then
	rm -f "$pki/.ca.crt.spray.new" || fail "cannot remove $pki/.ca.crt.spray.new"
else
	move "$pki/ca.crt"
fi
awk -v data="$data" '$1 == "certificate-authority-data:" { sub(/certificate-authority-data:.*/, "certificate-authority-data: " data); put++ } { print } END { if (put != 1) exit 1 }' "$conf" >/etc/kubernetes/.kubelet.conf.spray.new ||
	fail "$conf does not say once which CA it trusts"
move "$conf"

if [ "$GOAL" = signs ] && ! certificate_by "$current" "$pki/ca.crt"; then
	rm -rf "$folder" || fail "cannot remove $folder"
	mkdir -p "$folder" || fail "cannot create $folder"
	printf '%s\n' 'apiVersion: kubeadm.k8s.io/v1beta4' 'kind: InitConfiguration' "nodeRegistration: {name: \"$NAME\", criSocket: \"unix:///run/containerd/containerd.sock\"}" "localAPIEndpoint: {advertiseAddress: \"$ADDRESS\"}" --- \
		'apiVersion: kubeadm.k8s.io/v1beta4' 'kind: ClusterConfiguration' "kubernetesVersion: v$VERSION" >"$folder/config.yaml" || fail "cannot write $folder/config.yaml"
	kubeadm certs generate-csr --kubeconfig-dir "$folder" --cert-dir "$folder/others" --config "$folder/config.yaml" || fail 'kubeadm makes no request for a certificate'
	request=$(base64 <"$folder/kubelet.conf.csr" | tr -d '\n') || fail "cannot read $folder/kubelet.conf.csr"
	asked=$(printf '{"apiVersion":"certificates.k8s.io/v1","kind":"CertificateSigningRequest","metadata":{"generateName":"sprayc-ca-"},"spec":{"signerName":"kubernetes.io/kube-apiserver-client-kubelet","usages":["digital signature","key encipherment","client auth"],"request":"%s"}}\n' "$request" |
		kubectl --kubeconfig "$conf" --cache-dir /run/sprayc/kubectl create --filename - --output 'jsonpath={.metadata.name}') || fail 'the API server takes no request for a certificate'
	left=$TIMEOUT
	until made=$(kubectl --kubeconfig "$conf" --cache-dir /run/sprayc/kubectl --request-timeout 20s get certificatesigningrequest "$asked" --output 'jsonpath={.status.certificate}') && [ -n "$made" ]; do
		[ "$left" -gt 0 ] || fail "no certificate is made for the request $asked after $TIMEOUT s: kubectl describe csr $asked says why; kubectl certificate approve $asked, where nobody does so"
		left=$((left - 1))
		sleep 1
	done
	pem=kubelet-client-$(date -u +%Y-%m-%d-%H-%M-%S).pem || fail 'date does not work'
	printf '%s\n' "$made" | base64 -d >"$folder/$pem" || fail "cannot write $folder/$pem"
	kubectl config view --kubeconfig "$folder/kubelet.conf" --raw --output 'go-template={{range .users}}{{index .user "client-key-data" | base64decode}}{{end}}' >>"$folder/$pem" || fail 'kubectl does not read the key that kubeadm has made'
	certificate_by "$folder/$pem" "$pki/ca.crt" || fail "the certificate of the request $asked is by the CA of before"
	sync "$folder/$pem" || fail "cannot write $folder/$pem"
	mv -f "$folder/$pem" "${current%/*}/$pem" || fail "cannot write ${current%/*}/$pem"
	ln -s "${current%/*}/$pem" "$folder/current" || fail "cannot write in $folder"
	mv -f "$folder/current" "$current" || fail "cannot write $current"
	rm -rf "$folder" || fail "cannot remove $folder"
fi
systemctl restart kubelet.service || fail 'kubelet.service does not start; look at: journalctl -u kubelet.service'
left=$TIMEOUT
until curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$AT/healthz" &&
	kubectl --kubeconfig "$conf" --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" --output name; do
	[ "$left" -gt 0 ] || fail "the kubelet does not answer at $AT after $TIMEOUT s, or may not ask the API server; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
mkdir -p "$pki/rotation" || fail "cannot create $pki/rotation"
printf '%s\n' "$GENERATION $GOAL" >"$pki/rotation/.node.spray.new" || fail "cannot write $pki/rotation/.node.spray.new"
mv -f "$pki/rotation/.node.spray.new" "$pki/rotation/node" || fail "cannot write $pki/rotation/node"
