# UNIT       of systemd
# DATA       folder of the member's data
# BEGUN      what etcd is told of the cluster until it is a member
# NAME       of this member
# PEER, URL  where its peers and its clients reach it
# PKI        folder of the certificates
# ENDPOINTS  of all members

ctl() {
	etcdctl --endpoints="$others" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" --dial-timeout=3s --command-timeout=10s "$@"
}

# look: id, status, learner of the member with exactly this peer URL, id empty if there is
# none; everyone is the others as --initial-cluster has them.
look() {
	list=$(ctl member list) || return 1
	id='' status='' learner='' everyone=''
	while IFS= read -r line; do
		one=${line%%, *}
		line=${line#*, }
		state=${line%%, *}
		line=${line#*, }
		called=${line%%, *}
		line=${line#*, }
		peers=${line%%, *}
		case ,$peers, in
		*",$PEER,"*) id=$one status=$state learner=${line##*, } called=$NAME ;;
		esac
		while [ -n "$peers" ]; do
			everyone=$everyone${everyone:+,}${called:-$one}=${peers%%,*}
			case $peers in
			*,*) peers=${peers#*,} ;;
			*) peers='' ;;
			esac
		done
	done <<-EOT
		$list
	EOT
}

# patiently COMMAND...: etcd has one learner at a time, and changes nothing of the cluster
# while a member is not healthy: both pass.
patiently() {
	left=120
	until "$@"; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		sleep 1
	done
}

start() {
	systemctl reset-failed "$UNIT" 2>/dev/null || : # tolerate: it may never have failed
	systemctl start "$UNIT" && return 0
	systemctl status --no-pager --lines=30 "$UNIT" || : # tolerate: it is said for the log alone
	fail "$UNIT does not start; look at: journalctl -u $UNIT"
}

if [ -d "$DATA/member/wal" ] && [ ! -e "$BEGUN" ]; then
	start
	return 0
fi
others=''
for url in $ENDPOINTS; do
	[ "$url" = "$URL" ] || others=$others${others:+,}$url
done
[ -n "$others" ] || fail "there is no other member, and $DATA has no data: restore a snapshot, or remove /var/lib/sprayc/claims and begin anew"

patiently look || fail 'no member answers'
if [ ! -d "$DATA/member/wal" ]; then
	# One that has been started before has lost its data: under its old id it would break
	# promises that it has given. etcd refuses when too few others are left.
	if [ "$status" = started ]; then
		ctl member remove "$id" || fail "member $id with the peer URL $PEER has lost its data, and cannot be removed"
		note "member $id has lost its data, and joins anew"
		id=''
	fi
	[ -n "$id" ] || patiently ctl member add "$NAME" --learner --peer-urls="$PEER" || fail 'cannot be added as a learner'
	look || fail 'no member answers'
	[ -n "$id" ] || fail "was added, and no member has the peer URL $PEER"
	# systemd may be trying to start it. What has no write-ahead log is of no use to etcd.
	systemctl stop "$UNIT" || fail "systemctl stop $UNIT failed"
	rm -rf "$DATA/member.lost" || fail "cannot remove $DATA/member.lost"
	[ ! -e "$DATA/member" ] || mv "$DATA/member" "$DATA/member.lost" || fail "cannot move $DATA/member away"
	umask 022
	printf '# joins\nETCD_INITIAL_CLUSTER=%s\nETCD_INITIAL_CLUSTER_STATE=existing\n' "$everyone" >"$BEGUN.new" || fail "cannot write $BEGUN"
	mv "$BEGUN.new" "$BEGUN" || fail "cannot write $BEGUN"
fi
start
look || fail 'no member answers'
[ -n "$id" ] || fail "the cluster has no member with the peer URL $PEER, but $DATA is of one: it was removed; move $DATA/member away"
if [ "$learner" = true ]; then
	patiently ctl member promote "$id" || fail "member $id cannot be promoted: it does not catch up"
fi
rm -f "$BEGUN" || fail "cannot remove $BEGUN"
