# UNIT   of systemd
# DATA   folder of the member's data
# BEGUN  what etcd is told of the cluster until it is a member
# NAME, PEER  of this member

# An etcd that is killed after it has made its write-ahead log, and before its first entry,
# the membership of this very host, never has a leader: it has promised and stored nothing.
begun=false
if [ -e "$BEGUN" ] && ! systemctl is-active --quiet "$UNIT"; then
	begun=true
	systemctl stop "$UNIT" || fail "systemctl stop $UNIT failed"
	if [ -d "$DATA/member/wal" ]; then
		cat "$DATA"/member/wal/*.wal >/dev/null || fail "cannot read $DATA/member/wal"
		# Some greps end at a zero byte.
		if ! cat "$DATA"/member/wal/*.wal | tr -d '\0' | grep -qF -e "\"$PEER\""; then
			note "$DATA/member has a write-ahead log without entries: the cluster is founded anew"
			rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
		fi
	fi
fi

# With a write-ahead log it is a member, whatever else: etcd only has to be started.
if [ ! -d "$DATA/member/wal" ]; then
	if [ -e "$DATA/member" ]; then
		[ "$begun" = true ] || fail "$DATA/member has no write-ahead log and is not of ours: move it away"
		rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
	fi
	umask 022
	printf '# founds\nETCD_INITIAL_CLUSTER=%s=%s\nETCD_INITIAL_CLUSTER_STATE=new\n' "$NAME" "$PEER" >"$BEGUN.new" || fail "cannot write $BEGUN"
	mv "$BEGUN.new" "$BEGUN" || fail "cannot write $BEGUN"
fi
systemctl reset-failed "$UNIT" 2>/dev/null || : # tolerate: it may never have failed
if ! systemctl start "$UNIT"; then
	systemctl status --no-pager --lines=30 "$UNIT" || : # tolerate: it is said for the log alone
	fail "$UNIT does not start; look at: journalctl -u $UNIT"
fi
# systemd has it started when it has a leader and serves.
rm -f "$BEGUN" || fail "cannot remove $BEGUN"
