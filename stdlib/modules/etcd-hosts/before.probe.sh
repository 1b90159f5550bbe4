# Whether etcd's state from before it moves is kept, in a snapshot that is not old. Once a host
# is a member it has moved.
#
# DATA    folder of the member's data
# FOLDER  where snapshots are kept
# WANT    what it is kept for
# URL, PKI, NAME  for the act

: "$URL" "$PKI" "$NAME"
made=0
if [ -s "$FOLDER/before-$WANT.db" ]; then made=$(stat -c %Y "$FOLDER/before-$WANT.db") || fail "cannot stat $FOLDER/before-$WANT.db"; fi
now=$(date +%s) || fail 'date does not work'
if [ -d "$DATA/member/wal" ] || [ "$((now - made))" -lt 3600 ]; then
	present
else
	absent 'there is no snapshot of etcd that is not old'
fi
