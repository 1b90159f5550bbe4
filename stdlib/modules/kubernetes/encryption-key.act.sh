# STATE      the keys of this host
# WANT       the name of the key: its provider, - and its generation
# RESOURCES  what it is for
# KEY        a file: the key itself; empty: it is made here

manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
if [ -e "$manifest" ] && [ ! -s "$STATE" ]; then
	while IFS= read -r line; do
		case $line in
		*--encryption-provider-config=*) fail "the API server encrypts, and no control plane has $STATE: bring it back, what is encrypted cannot be read without" ;;
		esac
	done <"$manifest"
fi
umask 077
mkdir -p "${STATE%/*}" || fail "cannot create ${STATE%/*}"
if [ -n "$KEY" ]; then
	key=$(cat "$KEY") || fail 'there is no key'
else
	key=$(head -c 32 /dev/urandom | base64) || fail '/dev/urandom cannot be read'
fi
# What of it is not base64 is lost on the way there and back.
size=$(printf '%s' "$key" | base64 -d | wc -c) || fail 'the key cannot be measured'
again=$(printf '%s' "$key" | base64 -d | base64) || fail 'the key cannot be written again'
if [ "$size" -ne 32 ] || [ "$again" != "$key" ]; then fail 'the key is not 32 bytes in base64'; fi
{
	printf 'key %s %s %s\n' "$WANT" "${WANT%-*}" "$key" || fail "cannot write $STATE.new"
	if [ -s "$STATE" ]; then
		cat "$STATE" || fail "cannot write $STATE.new"
	else
		for resource in $RESOURCES; do
			order="$resource $WANT identity"
			[ ! -e "$manifest" ] || order="$resource identity"
			printf 'order %s\n' "$order" || fail "cannot write $STATE.new"
		done
	fi
} >"$STATE.new" || fail "cannot write $STATE.new"
# What is encrypted cannot be read without: no loss of power takes it back.
sync "$STATE.new" || fail "cannot write $STATE.new"
mv -f "$STATE.new" "$STATE" || fail "cannot write $STATE"
sync "${STATE%/*}" || fail "cannot write $STATE"
