# Whether etcd's state from before this upgrade is kept, in a snapshot that is not old.
#
# FOLDER          where snapshots are kept
# WANT            the versions of Kubernetes and etcd that come
# URL, PKI, NAME  for the act

: "$URL" "$PKI" "$NAME"
if [ -s "$FOLDER/before-$WANT.db" ]; then
	now=$(date +%s) || fail 'date does not work'
	made=$(stat -c %Y "$FOLDER/before-$WANT.db") || fail "cannot stat $FOLDER/before-$WANT.db"
	if [ "$((now - made))" -lt 3600 ]; then
		present
	else
		absent "the snapshot of etcd is $(((now - made) / 3600)) h old"
	fi
else
	absent 'there is no snapshot of etcd'
fi
