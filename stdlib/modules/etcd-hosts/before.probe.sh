# Whether etcd's state from before it moves is kept. Once a host is a member it has moved.
#
# DATA    folder of the member's data
# FOLDER  where snapshots are kept
# WANT    what it is kept for
# URL, PKI, NAME  for the act

: "$URL" "$PKI" "$NAME"
if [ -d "$DATA/member/wal" ] || [ -s "$FOLDER/before-$WANT.db" ]; then
	present
else
	absent 'there is no snapshot of etcd'
fi
