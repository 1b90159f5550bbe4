# A snapshot by the member of this host.
#
# FOLDER  where snapshots are kept: root's alone, as all secrets are in them
# NAME    this host's

umask 077
pki=/etc/etcd/pki
mkdir -p "$FOLDER" || fail "cannot create $FOLDER"
chmod 0700 "$FOLDER" || fail "cannot chmod $FOLDER"
made=$FOLDER/.before-return.db
rm -f "$made" "$made.part" || fail "cannot remove $made"
etcdctl --endpoints=https://localhost:2379 --cacert="$pki/ca.crt" --cert="$pki/client.crt" --key="$pki/client.key" snapshot save "$made" || fail "etcd of $NAME gives no snapshot; the log says why"

# The member's digest of what it sent is behind it.
size=$(stat -c %s "$made") || fail "cannot stat $made"
want=$(tail -c 32 "$made" | od -An -v -tx1 | tr -d ' \n') || fail "cannot read $made"
have=$(head -c "$((size - 32))" "$made" | sha256sum) || fail "cannot read $made"
[ "${have%% *}" = "$want" ] || fail "the snapshot is not what etcd sent: its digest is ${have%% *}, not $want"
status=$(etcdutl snapshot status "$made" --write-out=simple) || fail 'etcdutl cannot read the snapshot'
mv -f "$made" "$FOLDER/before-return.db" || fail "cannot write $FOLDER/before-return.db"
note "etcd as it is now is kept on $NAME in $FOLDER/before-return.db: hash, revision, keys, size: $status"
