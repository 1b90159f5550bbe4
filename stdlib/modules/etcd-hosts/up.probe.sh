# UNIT   of systemd
# DATA   folder of the member's data
# BEGUN  what etcd is told of the cluster until it is a member

# One that fails with what it has is left to the step that gives it its settings.
if [ -d "$DATA/member/wal" ] && [ ! -e "$BEGUN" ]; then
	state=$(systemctl is-active "$UNIT") || : # tolerate: what it prints counts
	[ "$state" != inactive ] || differs "$UNIT does not run"
fi
ok
