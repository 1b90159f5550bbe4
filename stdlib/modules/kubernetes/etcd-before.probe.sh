# Whether etcd's state from before it moves is kept, in a snapshot that is not old; one that was
# left already has none to give.
#
# FOLDER  where snapshots are kept
# NAME    for the act

: "$NAME"
made=0
if [ -s "$FOLDER/before-return.db" ]; then made=$(stat -c %Y "$FOLDER/before-return.db") || fail "cannot stat $FOLDER/before-return.db"; fi
now=$(date +%s) || fail 'date does not work'
if [ ! -e /etc/etcd/pki/client.key ] || [ "$((now - made))" -lt 3600 ]; then
	present
else
	absent 'there is no snapshot of etcd that is not old'
fi
