# UNIT   of systemd
# DATA   folder of the member's data
# BEGUN  what etcd is told of the cluster until it is a member

# Others may wait for it before they restart; one that is no member yet is started later.
if [ -d "$DATA/member/wal" ] && [ ! -e "$BEGUN" ]; then
	systemctl is-active --quiet "$UNIT" || differs "$UNIT does not run"
fi
ok
