# One archive: a snapshot of etcd, the authorities and keys that a new control plane cannot
# make again, what they are of, and the digest of each.
#
# FOLDER         where backups are kept: root's alone, as what is in it can be the cluster
# KEEP           how many
# CLUSTER, NAME  of the cluster, and of this host
# VERSION        of Kubernetes
# ENDPOINTS      of etcd: the first that is healthy is asked
# CA, CERT, KEY  with which it is
# PKI, SERVERS, SELF  for the probe

: "$PKI" "$SERVERS" "$SELF"
umask 077
mkdir -p "$FOLDER" || fail "cannot create $FOLDER"
chmod 0700 "$FOLDER" || fail "cannot chmod $FOLDER"
# The timer may be at work too; what one that was killed has left goes.
for left in "$FOLDER"/.making.*; do
	if [ -d "$left" ] && [ ! -d "/proc/${left##*.}" ]; then rm -rf "$left" || fail "cannot remove $left"; fi
done
work=$FOLDER/.making.$$
rm -rf "$work" || fail "cannot remove $work"
mkdir "$work" || fail "cannot create $work"

at=
for url in $ENDPOINTS; do
	said=$(curl --silent --noproxy '*' --max-time 5 --cacert "$CA" --cert "$CERT" --key "$KEY" "$url/health") || said=
	case $said in
	'{"health":"true"'*)
		at=$url
		break
		;;
	esac
done
[ -n "$at" ] || fail "no member of etcd is healthy, of $ENDPOINTS"

# revision: of what the member has now, by the fields that it says.
revision() {
	etcdctl --endpoints="$at" --cacert="$CA" --cert="$CERT" --key="$KEY" --dial-timeout=3s --command-timeout=10s --write-out=fields endpoint status |
		sed -n 's/^"Revision" : //p'
}

before=$(revision) || before=
[ -n "$before" ] || fail "$at does not tell its revision"
etcdctl --endpoints="$at" --cacert="$CA" --cert="$CERT" --key="$KEY" --dial-timeout=5s snapshot save "$work/snapshot.db" ||
	fail "$at gives no snapshot"

# The member's digest of what it sent comes behind it: etcdutl's status would not miss the end.
size=$(stat -c %s "$work/snapshot.db") || fail "cannot stat $work/snapshot.db"
[ "$((size % 512))" -eq 32 ] || fail "the snapshot has $size bytes: it has no digest at its end"
want=$(tail -c 32 "$work/snapshot.db" | od -An -v -tx1 | tr -d ' \n') || fail 'the snapshot cannot be read'
have=$(head -c "$((size - 32))" "$work/snapshot.db" | sha256sum) || fail 'the snapshot cannot be read'
[ "${have%% *}" = "$want" ] || fail "the snapshot is not what $at sent: its digest is ${have%% *}, not $want"
fields=$(etcdutl snapshot status "$work/snapshot.db" --write-out=fields) || fail 'the snapshot cannot be read'
hash=$(printf '%s\n' "$fields" | sed -n 's/^"Hash" : //p')
revision=$(printf '%s\n' "$fields" | sed -n 's/^"Revision" : //p')
keys=$(printf '%s\n' "$fields" | sed -n 's/^"Keys" : //p')
if [ -z "$hash" ] || [ -z "$revision" ] || [ -z "$keys" ]; then fail "the snapshot has no hash, revision or number of keys: $fields"; fi
[ "$revision" -ge "$before" ] || fail "the snapshot has the revision $revision, and $at had $before before it"
[ "$keys" -gt 0 ] || fail 'the snapshot has no key'

# What is there of these: a key that stays outside was never here.
for file in pki/ca.crt pki/ca.key pki/front-proxy-ca.crt pki/front-proxy-ca.key pki/sa.pub pki/sa.key pki/etcd/ca.crt pki/etcd/ca.key encryption/state; do
	[ -s "/etc/kubernetes/$file" ] || continue
	mkdir -p "$work/kubernetes/${file%/*}" || fail "cannot write in $work"
	cat "/etc/kubernetes/$file" >"$work/kubernetes/$file" || fail "cannot read /etc/kubernetes/$file"
done
for file in pki/ca.crt pki/sa.pub pki/sa.key; do
	[ -s "$work/kubernetes/$file" ] || fail "there is no /etc/kubernetes/$file to be backed up"
done
made=$(date -u +%Y%m%dT%H%M%SZ) || fail 'date does not work'
printf '%s\n' "cluster $CLUSTER" "kubernetes $VERSION" "host $NAME" "endpoint $at" "made $made" "hash $hash" "revision $revision" "keys $keys" >"$work/about" ||
	fail "cannot write in $work"
sums=$(cd "$work" && find . -type f -exec sha256sum {} +) || fail 'the digests cannot be made'
printf '%s\n' "$sums" >"$work/SHA256SUMS" || fail "cannot write in $work"
tar -cf "$work/new.tar" -C "$work" SHA256SUMS about snapshot.db kubernetes || fail "cannot write an archive in $FOLDER: is the disk full?"
sync || fail 'sync does not work'
mv -f "$work/new.tar" "$FOLDER/$CLUSTER-$made.tar" || fail "cannot write $FOLDER/$CLUSTER-$made.tar"
note "$FOLDER/$CLUSTER-$made.tar: revision $revision, $keys keys, hash $hash, from $at"

# The times are in the names, so the oldest come first.
there=0
for kept in "$FOLDER/$CLUSTER"-*.tar; do
	there=$((there + 1))
done
for kept in "$FOLDER/$CLUSTER"-*.tar; do
	[ "$there" -gt "$KEEP" ] || break
	rm -f "$kept" || fail "cannot remove $kept"
	there=$((there - 1))
done
rm -rf "$work" || fail "cannot remove $work"
