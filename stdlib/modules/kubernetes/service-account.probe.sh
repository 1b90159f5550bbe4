# How far this host has come with a key of service accounts. kubeadm's sa.pub has the keys of
# which tokens are taken, and begins with that of sa.key: the act puts sa.key in its place
# first. The API server tells the keys that it has read, in their order.
#
# GENERATION            the definition's
# GOAL                  known: its tokens are taken; signs: it signs; only: those of no other are
#                       taken, when these have ended
# SERVER                ADDRESS:PORT of this host's API server
# HOURS                 how long tokens of an older key are taken
# KEY, WHERE, TIMEOUT   for the act

: "$KEY" "$WHERE" "$TIMEOUT"
pki=/etc/kubernetes/pki folder=/etc/kubernetes/service-account
nl='
'
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}') || {
	blocked 'the API server' 'it does not say which key it has'
	return 0
}
read -r generation state id since <<END
$noted
END
mine=
if [ -s "$folder/$GENERATION/sa.key" ] && [ -s "$folder/$GENERATION/sa.pub" ]; then mine=$(public_key_ids "$folder/$GENERATION/sa.pub") || exit 1; fi
[ "$generation" = "$GENERATION" ] || state='' id=$mine
have=$(public_key_ids "$pki/sa.pub") || exit 1
first=${have%%"$nl"*}

# waits: tokens of the old key have not ended. Arithmetic is awk's: some shells count in 32
# bits.
waits() {
	case $since in
	'' | *[!0-9]*) fail "the note of the key, $noted, does not say since when it signs" ;;
	esac
	now=$(date +%s) || fail 'date does not work'
	left=$(awk -v since="$since" -v hours="$HOURS" -v now="$now" 'BEGIN { left = since + hours * 3600 - now; if (left < 0) left = 0; print int((left + 3599) / 3600) }') || fail 'awk does not work'
	[ "$left" -gt 0 ]
}

# signed_before: secrets whose tokens are of another key. They end with it, and only who has
# them knows whether they are needed.
signed_before() {
	list=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 60s --server "https://$SERVER" get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token \
		--output 'go-template={{range .items}}{{.metadata.namespace}}/{{.metadata.name}} {{with .data}}{{with .token}}{{. | base64decode}}{{end}}{{end}}{{"\n"}}{{end}}') || fail 'the API server does not list the secrets with tokens'
	while read -r name token; do
		[ -n "$token" ] || continue
		header=${token%%.*}
		case $((${#header} % 4)) in
		2) header=$header== ;;
		3) header=$header= ;;
		esac
		said=$(printf '%s' "$header" | tr '_-' '/+' | base64 -d) || said=
		case $said in
		*"\"kid\":\"$id\""*) ;;
		*) printf '%s ' "$name" ;;
		esac
	done <<END
$list
END
}

case $GOAL in
known)
	if [ -z "$id" ] || { [ "$mine" != "$id" ] && [ "$first" != "$id" ]; }; then
		differs "this host has no key of generation $GENERATION"
		return 0
	fi
	case $nl$have$nl in
	*"$nl$id$nl"*) ;;
	*) differs "tokens of the key of generation $GENERATION are refused here" ;;
	esac
	;;
signs)
	if [ -z "$state" ]; then
		blocked 'exec known' "not every API server takes tokens of the key of generation $GENERATION"
		return 0
	fi
	if [ "$first" != "$id" ] && [ "$mine" != "$id" ]; then
		blocked 'exec known' "this host has another key of generation $GENERATION than all know; run this again"
		return 0
	fi
	if [ "$first" != "$id" ]; then
		differs "tokens are signed with another key than that of generation $GENERATION"
	elif [ -e "$folder" ]; then
		differs 'an earlier run was broken off'
	fi
	;;
only)
	if [ "$state" != signs ] || [ "$first" != "$id" ]; then
		ok
		return 0
	fi
	if [ "$have" != "$id" ]; then
		if waits; then
			warn "tokens of the key of service accounts before this one are good for another $left hours: run this again then, and that key leaves"
			ok
			return 0
		fi
		names=$(signed_before) || exit 1
		[ -z "$names" ] || fail "the key of before stays, as these secrets have tokens of it: $names- those that are needed get another with kubectl patch secret NAME --namespace NAMESPACE --type json --patch '[{\"op\":\"remove\",\"path\":\"/data/token\"}]', which whoever uses it has to get; the others are to be deleted"
		differs 'tokens of the key of before are still taken'
	fi
	;;
esac
said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get --raw /openid/v1/jwks) || {
	blocked 'the API server' 'it does not tell the keys that it has read'
	return 0
}
told=$(printf '%s\n' "$said" | awk '{ while (match($0, /"kid": ?"[^"]*"/)) { split(substr($0, RSTART, RLENGTH), part, "\""); print part[4]; $0 = substr($0, RSTART + RLENGTH) } }') || fail 'awk does not work'
[ "$told" = "$have" ] || differs "the API server has read other keys than $pki/sa.pub has now"
ok
