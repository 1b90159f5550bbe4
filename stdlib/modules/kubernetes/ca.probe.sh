# How far this control plane has come with another CA. kubeadm's ca.crt has those that are
# trusted, and begins with that of ca.key. While there are two, the controller manager, which
# signs by a file of one certificate alone, has a copy of the first: a patch of kubeadm's says so.
#
# GENERATION                     the definition's
# GOAL                           trusts: it is trusted; signs: it signs; alone: no other is trusted
# SERVER                         ADDRESS:PORT of this host's API server
# PATCHES                        kubeadm's folder of patches
# KEY, CONFIG, WHERE, TIMEOUT    for the act

: "$KEY" "$CONFIG" "$WHERE" "$TIMEOUT"
pki=/etc/kubernetes/pki folder=/etc/kubernetes/pki/rotation
made=$folder/$GENERATION manifest=/etc/kubernetes/manifests/kube-controller-manager.yaml
nl='
'
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || {
	blocked 'the API server' 'it does not say which CA it has'
	return 0
}
read -r generation state id since <<END
$noted
END
: "$since"
mine=
if [ -s "$made/ca.key" ] && [ -s "$made/front-proxy-ca.key" ]; then mine=$(certificate_ids "$made/ca.crt") || exit 1; fi
[ "$generation" = "$GENERATION" ] || state='' id=$mine
have=$(certificate_ids "$pki/ca.crt") || exit 1
proxy=$(certificate_ids "$pki/front-proxy-ca.crt") || exit 1
first=${have%%"$nl"*}

case $GOAL in
trusts)
	if [ -z "$id" ] || { [ "$mine" != "$id" ] && [ "$first" != "$id" ]; }; then
		differs "this host has no CA of generation $GENERATION"
		return 0
	fi
	case $nl$have$nl in
	*"$nl$id$nl"*) ;;
	*) differs "the CA of generation $GENERATION is not trusted here" ;;
	esac
	if [ -n "$mine" ]; then
		new=$(certificate_ids "$made/front-proxy-ca.crt") || exit 1
		case $nl$proxy$nl in
		*"$nl$new$nl"*) ;;
		*) differs "the front proxy's CA of generation $GENERATION is not trusted here" ;;
		esac
		curl --silent --fail --insecure --noproxy '*' --max-time 10 --output /dev/null --cert "$made/apiserver-kubelet-client.crt" --key "$made/apiserver-kubelet-client.key" "https://$SERVER/api" ||
			differs 'the API server does not take clients of the new CA'
	fi
	;;
signs)
	case $state in
	'' | trusts)
		blocked 'step ca-pods' "not everything trusts the CA of generation $GENERATION yet"
		return 0
		;;
	esac
	if [ "$first" != "$id" ] && [ "$mine" != "$id" ]; then
		blocked 'exec trusts' "this host has no CA of generation $GENERATION"
		return 0
	elif [ "$first" != "$id" ]; then
		differs "the CA of before signs here, not that of generation $GENERATION"
	elif [ -e "$made" ]; then
		differs 'an earlier run was broken off'
	fi
	;;
alone)
	case $state in
	signs | alone) ;;
	*)
		blocked 'sprayc certificates rotate-ca' "the CA of generation $GENERATION does not sign everything yet"
		return 0
		;;
	esac
	[ "$first" = "$id" ] || fail "$pki/ca.crt does not begin with the CA of generation $GENERATION: sprayc certificates rotate-ca comes first"
	[ "$have" = "$id" ] || differs 'the CA of before is trusted'
	case $proxy in
	*"$nl"*) differs "the front proxy's CA of before is trusted" ;;
	esac
	;;
esac

data=$(base64 <"$pki/ca.crt" | tr -d '\n') || fail "cannot read $pki/ca.crt"
for name in admin super-admin controller-manager scheduler; do
	file=/etc/kubernetes/$name.conf
	[ -e "$file" ] || continue
	trusted=$(awk '$1 == "certificate-authority-data:" { print $2; exit }' "$file") || fail "cannot read $file"
	[ "$trusted" = "$data" ] || differs "$name.conf trusts others than $pki/ca.crt"
done
case $have in
*"$nl"*)
	signer=
	if [ -s "$folder/signing.crt" ]; then signer=$(certificate_ids "$folder/signing.crt") || exit 1; fi
	if [ "$signer" != "$first" ] || [ ! -e "$PATCHES/kube-controller-manager0ca+json.json" ] || ! grep -qF pki/rotation/signing.crt "$manifest"; then
		differs 'the controller manager signs by another file'
	fi
	;;
*)
	[ "$GOAL" = alone ] || {
		ok
		return 0
	}
	if [ -e "$folder/signing.crt" ] || [ -e "$PATCHES/kube-controller-manager0ca+json.json" ] || grep -qF pki/rotation/signing.crt "$manifest"; then
		differs 'the controller manager signs by a copy, and there is one CA alone'
	fi
	;;
esac
ok
