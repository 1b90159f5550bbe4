# STATE          the keys of this host
# WANT, KMS      the key to come to, and where it is when a key service has it
# REACH          the folder, as unix://FOLDER, in which the API server reaches a key service
# RESOURCES      what it is for
# GOAL           readable: it can read; first: it encrypts; only: there is no other
# FROM           a file: another host's keys
# SERVER         ADDRESS:PORT of this host's API server
# ORDER, RENDER  awk: what the state becomes, and the API server's file from it

: "$REACH"
umask 077
fresh=true manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
[ ! -e "$manifest" ] || fresh=false
mkdir -p "${STATE%/*}" || fail "cannot create ${STATE%/*}"
config=${STATE%/*}/config.yaml
{
	[ ! -r "$STATE" ] || cat "$STATE" || fail "cannot write $STATE.both"
	[ -z "$FROM" ] || tr ';' '\n' <"$FROM" || fail "cannot write $STATE.both"
} >"$STATE.both" || fail "cannot write $STATE.both"
awk -v want="$WANT" -v kms="$KMS" -v resources="$RESOURCES" -v goal="$GOAL" -v fresh="$fresh" "$ORDER" "$STATE.both" >"$STATE.new" || fail "there is no key $WANT"
rm -f "$STATE.both" || fail "cannot remove $STATE.both"
awk "$RENDER" "$STATE.new" >"$config.new" || fail "cannot write $config.new"
# Killed before the API server has read it, this is not done.
printf 'written, and perhaps not read yet\n' >"$STATE.loading" || fail "cannot write $STATE.loading"
# What is encrypted cannot be read without these: no loss of power takes them back.
sync "$STATE.new" || fail "cannot write $STATE.new"
sync "$config.new" || fail "cannot write $config.new"
mv -f "$STATE.new" "$STATE" || fail "cannot write $STATE"
mv -f "$config.new" "$config" || fail "cannot write $config"
sync "${STATE%/*}" || fail "cannot write $STATE"

# An API server that reads the file already reads it again, at the latest in a minute.
case $(cat "$manifest" 2>/dev/null) in
*--encryption-provider-config=*) ;;
*)
	rm -f "$STATE.loading" || fail "cannot remove $STATE.loading"
	return 0
	;;
esac
sum=$(sha256sum "$config") || fail "cannot read $config"
note 'waits until the API server has read its keys'
left=150
until kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --server "https://$SERVER" get --raw /metrics |
	awk -v want="hash=\"sha256:${sum%% *}\"" '/^apiserver_encryption_config_controller_last_config_info/ && index($0, want) { found = 1 } END { exit !found }'; do
	[ "$left" -gt 0 ] || fail "the API server does not read $config; look at its log"
	left=$((left - 1))
	sleep 1
done
rm -f "$STATE.loading" || fail "cannot remove $STATE.loading"
