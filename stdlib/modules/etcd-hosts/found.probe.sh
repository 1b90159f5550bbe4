# DATA   folder of the member's data
# BEGUN  what etcd is told of the cluster until it is a member
# UNIT, NAME, PEER  of this member

how=
if [ -e "$BEGUN" ]; then read -r _ how <"$BEGUN" || how=; fi
if [ "$how" = founds ]; then
	partial 'begun, and not yet healthy'
elif [ -d "$DATA/member/wal" ]; then
	present
else
	absent
fi
