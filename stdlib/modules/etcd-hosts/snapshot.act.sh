# A snapshot by the member of this host. One that is old may be from before an upgrade that was
# broken off: the first stays.
#
# FOLDER  where snapshots are kept: root's alone, as all secrets are in them
# WANT    the versions of Kubernetes and etcd that come, or what it is kept for
# URL     where members answer: the first that gives one is asked
# PKI     folder of the certificates
# NAME    this host's

umask 077
mkdir -p "$FOLDER" || fail "cannot create $FOLDER"
chmod 0700 "$FOLDER" || fail "cannot chmod $FOLDER"
made=$FOLDER/.before-$WANT.db kept=$FOLDER/before-$WANT.db first=$FOLDER/first-before-$WANT.db
from=
for url in $URL; do
	rm -f "$made" "$made.part" || fail "cannot remove $made"
	if etcdctl --endpoints="$url" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" --dial-timeout=5s snapshot save "$made"; then
		from=$url
		break
	fi
done
[ -n "$from" ] || fail "etcd gives $NAME no snapshot; the log says why"

# The member's digest of what it sent is behind it.
size=$(stat -c %s "$made") || fail "cannot stat $made"
want=$(tail -c 32 "$made" | od -An -v -tx1 | tr -d ' \n') || fail "cannot read $made"
have=$(head -c "$((size - 32))" "$made" | sha256sum) || fail "cannot read $made"
[ "${have%% *}" = "$want" ] || fail "the snapshot is not what etcd sent: its digest is ${have%% *}, not $want"
status=$(etcdutl snapshot status "$made" --write-out=simple) || fail 'etcdutl cannot read the snapshot'
if [ -e "$kept" ] && [ ! -e "$first" ]; then
	mv "$kept" "$first" || fail "cannot rename $kept"
fi
mv -f "$made" "$kept" || fail "cannot write $kept"
note "etcd as it is now is kept on $NAME in $kept: hash, revision, keys, size: $status"
