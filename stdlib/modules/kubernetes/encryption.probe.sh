# STATE          the keys of this host
# WANT, KMS      the key to come to, and where it is when a key service has it
# REACH          the folder, as unix://FOLDER, in which the API server reaches a key service
# RESOURCES      what it is for
# GOAL           readable: it can read; first: it encrypts; only: there is no other
# FROM           a file: another host's keys
# SERVER         ADDRESS:PORT of this host's API server
# ORDER, RENDER  awk: what the state becomes, and the API server's file from it

: "$FROM" "$SERVER"
if [ -r "$STATE" ]; then
	while read -r word name provider endpoint timeout; do
		[ "$word $provider" = 'key kms' ] || continue
		name=${name#kms-}
		[ "${endpoint%/*}" = "$REACH" ] ||
			fail "what $name has encrypted needs $endpoint: come to another provider with kms = { name = \"$name\", endpoint = \"$endpoint\" } beside it, and take that away in another run"
	done <"$STATE"
	: "$timeout"
fi
fresh=true
[ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || fresh=false
have=/dev/null
[ ! -r "$STATE" ] || have=$STATE
status=0
wanted=$(awk -v want="$WANT" -v kms="$KMS" -v resources="$RESOURCES" -v goal="$GOAL" -v fresh="$fresh" "$ORDER" "$have") || status=$?
case $status in
0) ;;
3)
	differs "this host does not have the key $WANT"
	return 0
	;;
*) fail 'awk does not work' ;;
esac
[ "$wanted" = "$(cat "$have")" ] || differs "$WANT does not come as it should among the keys"
rendered=$(awk "$RENDER" "$have") || fail 'awk does not work'
config=${STATE%/*}/config.yaml
if [ ! -r "$config" ] || [ "$rendered" != "$(cat "$config")" ]; then differs "$config is not what the keys make"; fi
[ ! -e "$STATE.loading" ] || differs 'the API server may not have read its keys yet'
ok
