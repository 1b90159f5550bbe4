# The CA of this host's API server, as it is served: by that which signs first in kubeadm's file.
#
# GENERATION  the definition's
# GOAL        signs, alone: as ca.probe.sh has it
# ADDRESS     ADDRESS:PORT of this host's API server

pki=/etc/kubernetes/pki first=/run/sprayc/kubeadm/ca.first
nl='
'
mkdir -p "${first%/*}" || fail "cannot create ${first%/*}"
awk '{ print } /^-----END/ { exit }' "$pki/ca.crt" >"$first" || fail "cannot read $pki/ca.crt"
left=90 is='by another CA, or by none'
while :; do
	if curl --silent --noproxy '*' --max-time 10 --output /dev/null --cacert "$first" "https://$ADDRESS/livez"; then
		is="by the CA of generation $GENERATION"
		break
	fi
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
found "certificate of the API server at $ADDRESS" "by the CA of generation $GENERATION" "$is" 'what is served there, against the first of ca.crt'
[ "$GOAL" = alone ] || return 0
for ca in ca front-proxy-ca; do
	ids=$(certificate_ids "$pki/$ca.crt") || exit 1
	is='one alone'
	case $ids in
	*"$nl"*) is='more than one' ;;
	esac
	found "authorities in $ca.crt" 'one alone' "$is" "its file in $pki"
done
