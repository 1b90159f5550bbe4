# UNIT   of systemd
# DATA   folder of the member's data
# BEGUN  what etcd is told of the cluster until it is a member
# NAME, PEER, URL, PKI, ENDPOINTS  as the act reads them

if [ ! -d "$DATA/member/wal" ]; then
	differs 'is no member yet'
elif [ -e "$BEGUN" ]; then
	differs 'has not been promoted to a member that votes'
fi
systemctl is-active --quiet "$UNIT" || differs "$UNIT does not run"
ok
