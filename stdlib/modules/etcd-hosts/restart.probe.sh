# UNIT            of systemd
# DATA, PKI, URL  of this member
# SETTINGS        what its file is to have; this comes before it is written, as one that may
#                 not restart yet must have no mark of it: others would wait for this host

# A restart is due when the process has other settings, or another program, than there are
# to be. It must leave enough of the others for a quorum.
ok
[ -d "$DATA/member/wal" ] && systemctl is-active --quiet "$UNIT" || return 0
pid=$(systemctl show -p MainPID --value "$UNIT") || fail 'systemctl does not answer'
program=$(readlink "/proc/$pid/exe") || fail "cannot read /proc/$pid/exe"
have=$(tr '\0' '\n' <"/proc/$pid/environ" | grep '^ETCD_' | grep -Ev '^ETCD_INITIAL_CLUSTER(_STATE)?=' | sort) || fail "cannot read /proc/$pid/environ"
want=$(printf '%s' "$SETTINGS" | sort) || fail 'sort does not work'
[ "$program" != /usr/local/bin/etcd ] || [ "$have" != "$want" ] || return 0

# Where there is no leader, and so no list of members, there is no quorum to be lost.
said=$(etcdctl --endpoints="$URL" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" --dial-timeout=3s --command-timeout=3s endpoint health --cluster 2>&1) || : # tolerate: what it says is counted
all=0 healthy=0 sick=''
while IFS= read -r line; do
	case $line in
	*' is healthy: '*) all=$((all + 1)) healthy=$((healthy + 1)) ;;
	*' is unhealthy: '*) all=$((all + 1)) sick="$sick ${line%% *}" ;;
	esac
done <<-EOT
	$said
EOT
if [ "$all" -eq 0 ]; then
	case $(curl -sS -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" "$URL/metrics") in
	*'etcd_server_has_leader 1'*) differs 'a restart is due, and the cluster does not tell its members in time' ;;
	esac
elif [ "$healthy" -lt "$all" ] && [ "$((healthy - 1))" -lt "$((all / 2 + 1))" ]; then
	differs "a restart is due, and would leave no quorum while these are not healthy:$sick"
fi
