# A snapshot by the member of this host, by its own programs: any runtime can do that.
#
# FOLDER  where snapshots are kept: root's alone, as all secrets are in them
# WANT    the version of Kubernetes that comes
# NAME    this node's
# DATA    the member's folder, which has the same path in its pod
# API     for the probe

: "$API"
umask 077
etcd() { kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --namespace kube-system exec "etcd-$NAME" --container etcd -- "$@"; }

mkdir -p "$FOLDER" || fail "cannot create $FOLDER"
chmod 0700 "$FOLDER" || fail "cannot chmod $FOLDER"
made=$DATA/.sprayc-snapshot.db
rm -f "$made" "$made.part" || fail "cannot remove $made"
etcd etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt \
	--key=/etc/kubernetes/pki/etcd/healthcheck-client.key snapshot save "$made" || fail "etcd of $NAME gives no snapshot; the log says why"

# The member's digest of what it sent is behind it.
size=$(stat -c %s "$made") || fail "cannot stat $made"
want=$(tail -c 32 "$made" | od -An -v -tx1 | tr -d ' \n') || fail "cannot read $made"
have=$(head -c "$((size - 32))" "$made" | sha256sum) || fail "cannot read $made"
[ "${have%% *}" = "$want" ] || fail "the snapshot is not what etcd sent: its digest is ${have%% *}, not $want"
status=$(etcd etcdutl snapshot status "$made" --write-out=simple) || fail 'etcdutl cannot read the snapshot'

cat "$made" >"$FOLDER/.before-$WANT.db" || fail "cannot write $FOLDER/.before-$WANT.db: is the disk full?"
mv -f "$FOLDER/.before-$WANT.db" "$FOLDER/before-$WANT.db" || fail "cannot write $FOLDER/before-$WANT.db"
rm -f "$made" || fail "cannot remove $made"
note "etcd as it is now is kept on $NAME in $FOLDER/before-$WANT.db: hash, revision, keys, size: $status"
