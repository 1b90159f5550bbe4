# UNIT      of systemd
# DATA      folder of the member's data
# SETTINGS  what etcd is started with
# PKI       folder of the certificates
# URL       where clients reach this member

# Before it is a member there is nothing to check, and a learner serves nobody.
[ -d "$DATA/member/wal" ] && systemctl is-active --quiet "$UNIT" || return 0

# What else it was told of the cluster says only how it became a member.
pid=$(systemctl show -p MainPID --value "$UNIT") || fail 'systemctl does not answer'
program=$(readlink "/proc/$pid/exe") || fail "cannot read /proc/$pid/exe"
[ "$program" = /usr/local/bin/etcd ] || fail "etcd runs as $program: it was not restarted"
have=$(tr '\0' '\n' <"/proc/$pid/environ" | grep '^ETCD_' | grep -Ev '^ETCD_INITIAL_CLUSTER(_STATE)?=' | sort) || fail "cannot read /proc/$pid/environ"
want=$(sort "$SETTINGS") || fail "cannot read $SETTINGS"
if [ "$have" != "$want" ]; then
	printf 'etcd runs with:\n%s\n' "$have"
	fail "etcd runs with other settings than $SETTINGS has; the log names them"
fi

left=60
until curl -fsS -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" "$URL/health"; do
	[ "$left" -gt 0 ] || fail "$URL is not healthy"
	left=$((left - 1))
	sleep 1
done
