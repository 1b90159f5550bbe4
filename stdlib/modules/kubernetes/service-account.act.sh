# Puts the key where kubeadm has its own, and starts anew what reads it at its start alone.
#
# GENERATION  the definition's
# GOAL        known: its tokens are taken; signs: it signs; only: those of no other are taken
# KEY         a file, with known: the pair, in base64
# SERVER      ADDRESS:PORT of this host's API server
# WHERE       HOST:PORT of the controller manager, or -
# TIMEOUT     seconds in which each must answer again
# HOURS       for the probe

: "$HOURS"
umask 077
pki=/etc/kubernetes/pki folder=/etc/kubernetes/service-account
made=$folder/$GENERATION
nl='
'

# put NAME FILE...: kubeadm's file from these, each key once, complete or not at all.
put() {
	name=$1
	shift
	awk '/^-----BEGIN/ { key = "" } { key = key $0 "\n" } /^-----END/ && !(key in there) { there[key]; printf "%s", key }' "$@" >"$pki/.$name.spray.new" || fail "cannot write $pki/.$name.spray.new"
	[ -s "$pki/.$name.spray.new" ] || fail "there is no whole key for $pki/$name"
	sync "$pki/.$name.spray.new" || fail "cannot write $pki/.$name.spray.new" # so that no loss of power leaves it empty
	mv -f "$pki/.$name.spray.new" "$pki/$name" || fail "cannot write $pki/$name"
}

# tells: the API server has read the keys that are in its file.
tells() {
	said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get --raw /openid/v1/jwks) || return 1
	told=$(printf '%s\n' "$said" | awk '{ while (match($0, /"kid": ?"[^"]*"/)) { split(substr($0, RSTART, RLENGTH), part, "\""); print part[4]; $0 = substr($0, RSTART + RLENGTH) } }') || return 1
	[ "$told" = "$have" ]
}

# runs COMM [PID]: pid is a process of that name which reads these keys, and not PID.
runs() {
	for at in /proc/[0-9]*; do
		read -r is 2>/dev/null <"$at/comm" || continue # it has ended meanwhile
		if [ "$is" != "$1" ] || [ "${at##*/}" = "${2-}" ] || [ ! -e "$at/root$pki/sa.key" ]; then continue; fi
		pid=${at##*/}
		return 0
	done
	return 1
}

# answers: the controller manager.
answers() { [ "$WHERE" = - ] || curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$WHERE/healthz"; }

case $GOAL in
known)
	rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
	mkdir -p "$folder/.new" || fail "cannot create $folder/.new"
	[ -s "$KEY" ] || fail "there is no key of generation $GENERATION"
	awk '{ print $1 }' "$KEY" | base64 -d >"$folder/.new/sa.key" || fail "cannot write $folder/.new/sa.key"
	awk '{ print $2 }' "$KEY" | base64 -d >"$folder/.new/sa.pub" || fail "cannot write $folder/.new/sa.pub"
	[ -s "$folder/.new/sa.key" ] || fail "there is no key of generation $GENERATION"
	find "$folder/.new" -type f -exec sync {} + || fail "cannot write $folder/.new"
	first=$(public_key_ids "$pki/sa.pub") || exit 1
	id=$(public_key_ids "$folder/.new/sa.pub") || exit 1
	if [ "${first%%"$nl"*}" = "$id" ]; then
		rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
	else
		rm -rf "${folder:?}/$GENERATION" || fail "cannot remove $made"
		mv "$folder/.new" "$made" || fail "cannot write $made"
		put sa.pub "$pki/sa.pub" "$made/sa.pub"
	fi
	;;
signs)
	if [ -s "$made/sa.key" ] && [ -s "$made/sa.pub" ]; then
		printf 'the controller manager has read another key\n' >"$folder/restart" || fail "cannot write $folder/restart"
		put sa.key "$made/sa.key"
		put sa.pub "$made/sa.pub" "$pki/sa.pub"
	fi
	;;
only)
	awk '{ print } /^-----END/ { exit }' "$pki/sa.pub" >"$pki/.first.spray.new" || fail "cannot write $pki/.first.spray.new"
	put sa.pub "$pki/.first.spray.new"
	rm -f "$pki/.first.spray.new" || fail "cannot remove $pki/.first.spray.new"
	;;
esac

have=$(public_key_ids "$pki/sa.pub") || exit 1
# One that does not answer may just be starting, and read them then.
left=$TIMEOUT said=
until tells || [ -n "$said" ]; do
	[ "$left" -gt 0 ] || fail "the API server at $SERVER does not answer at /openid/v1/jwks after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
if ! tells; then
	pid=
	note 'the API server is started anew'
	if runs kube-apiserver; then kill "$pid" || note "process $pid has ended by itself"; fi
	left=$TIMEOUT
	until { [ -z "$pid" ] || [ ! -e "/proc/$pid" ]; } && tells; do
		[ "$left" -gt 0 ] || fail "the API server at $SERVER does not tell the keys of $pki/sa.pub at /openid/v1/jwks after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
fi
[ "$GOAL" = signs ] || return 0
if [ -e "$folder/restart" ]; then
	pid=
	note 'the controller manager is started anew'
	if runs kube-controller; then kill "$pid" || note "process $pid has ended by itself"; fi
	ended=$pid left=$TIMEOUT
	until { [ -z "$ended" ] || [ ! -e "/proc/$ended" ]; } && runs kube-controller "$ended" && answers; do
		[ "$left" -gt 0 ] || fail "the controller manager does not answer $TIMEOUT s after its end; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
	rm -f "$folder/restart" || fail "cannot remove $folder/restart"
fi
rm -rf "$folder" || fail "cannot remove $folder"
