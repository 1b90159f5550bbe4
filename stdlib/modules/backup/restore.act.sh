# What a backup has is put where etcd and kubeadm look for it, the note that a control plane
# was begun here last: kubeadm then goes on from what it finds, with the same authorities.
#
# ARCHIVE         a file: the backup
# FROM            its name
# WORK            a folder for what is in it, while it is put back
# MARK            where it is noted that this host is of what was restored
# CLUSTER         the backup must be of this
# VERSION         of Kubernetes
# DATA            folder of etcd's data; empty: not on this host
# OWNER           whose that is
# NAME, PEER      of the member
# AUTHORITIES     true: the cluster's authorities and keys are restored here
# FOUNDING        kubeadm's note that a control plane was begun here
# ENDPOINT        HOST:PORT by which all reach the API servers

umask 077
said=$(curl --silent --insecure --noproxy '*' --max-time 5 "https://$ENDPOINT/version") || said=
case $said in
*gitVersion*) [ -e "$MARK.begun" ] || fail "a cluster answers at $ENDPOINT: a backup is restored where there is none" ;;
esac
rm -rf "$WORK" || fail "cannot remove $WORK"
mkdir -p "$WORK" || fail "cannot create $WORK"
(cd "$WORK" && tar -xf "$ARCHIVE") || fail 'this is no backup: tar cannot read it'
(cd "$WORK" && sha256sum -c SHA256SUMS) >/dev/null || fail 'the backup is not whole: what it has is not of the digests that it has'
listed=$(wc -l <"$WORK/SHA256SUMS") || fail 'the backup has no list of digests'
files=$(find "$WORK" ! -type d ! -name SHA256SUMS -print | wc -l) || fail "cannot look into $WORK"
[ "$((listed))" -eq "$((files))" ] || fail "the backup has $((files)) files, and digests of $((listed))"
if [ ! -f "$WORK/about" ] || [ ! -f "$WORK/snapshot.db" ]; then fail 'this is no backup: it has no snapshot'; fi

of='' version='' hash='' revision=''
while read -r word value; do
	case $word in
	cluster) of=$value ;;
	kubernetes) version=$value ;;
	hash) hash=$value ;;
	revision) revision=$value ;;
	esac
done <"$WORK/about"
[ "$of" = "$CLUSTER" ] || fail "this is a backup of the cluster $of, not of $CLUSTER"
[ "${version%.*}" = "${VERSION%.*}" ] || fail "this is a backup of Kubernetes $version: restore it with a kubernetes_version $version or of that minor, and upgrade then"
(umask 022 && mkdir -p "${MARK%/*}") || fail "cannot create ${MARK%/*}"
: >"$MARK.begun" || fail "cannot write $MARK.begun"

# Those who watch have seen later revisions than the snapshot's, and must not see one again.
if [ -n "$DATA" ]; then
	fields=$(etcdutl snapshot status "$WORK/snapshot.db" --write-out=fields) || fail 'the snapshot cannot be read'
	case $fields in
	*"\"Hash\" : $hash
\"Revision\" : $revision
"*) ;;
	*) fail "the snapshot is not the one with hash $hash and revision $revision: $fields" ;;
	esac
	mkdir -p "${DATA%/*}" || fail "cannot create ${DATA%/*}"
	rm -rf "$DATA.restoring" || fail "cannot remove $DATA.restoring"
	etcdutl snapshot restore "$WORK/snapshot.db" --data-dir "$DATA.restoring" --name "$NAME" --initial-cluster "$NAME=$PEER" \
		--initial-advertise-peer-urls "$PEER" --initial-cluster-token "$CLUSTER" --bump-revision 1000000000 --mark-compacted || fail 'etcdutl does not restore the snapshot'
	chown -R "$OWNER" "$DATA.restoring" || fail "cannot chown $DATA.restoring"
fi
if [ "$AUTHORITIES" = true ]; then
	for file in pki/ca.crt pki/ca.key pki/front-proxy-ca.crt pki/front-proxy-ca.key pki/sa.pub pki/sa.key pki/etcd/ca.crt pki/etcd/ca.key encryption/state; do
		[ -e "$WORK/kubernetes/$file" ] || continue
		to=/etc/kubernetes/$file
		(umask 022 && mkdir -p "${to%/*}") || fail "cannot create ${to%/*}"
		temporary=${to%/*}/.${to##*/}.spray.new
		# Of authorities that signs which is the first; another was trusted beside while it was
		# rotated, and nobody who knows that one is there any more.
		case $file in
		pki/ca.crt | pki/front-proxy-ca.crt) awk '{ print } /^-----END/ { exit }' "$WORK/kubernetes/$file" >"$temporary" || fail "cannot write $temporary" ;;
		*) cat "$WORK/kubernetes/$file" >"$temporary" || fail "cannot write $temporary" ;;
		esac
		case $file in
		*.crt | *.pub) chmod 0644 "$temporary" || fail "cannot chmod $temporary" ;;
		esac
		mv -f "$temporary" "$to" || fail "cannot write $to"
	done
fi

# A kill between these loses nothing: the note comes after the data.
if [ -n "$DATA" ]; then
	mkdir -p "$DATA" || fail "cannot create $DATA"
	rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
	mv "$DATA.restoring/member" "$DATA/member" || fail "cannot write $DATA/member"
	rm -rf "$DATA.restoring" || fail "cannot remove $DATA.restoring"
	chown "$OWNER" "$DATA" || fail "cannot chown $DATA"
	chmod 0700 "$DATA" || fail "cannot chmod $DATA"
fi
if [ "$AUTHORITIES" = true ]; then
	mkdir -p "${FOUNDING%/*}" || fail "cannot create ${FOUNDING%/*}"
	printf 'kubeadm init has begun here, from a backup\n' >"$FOUNDING" || fail "cannot write $FOUNDING"
fi
rm -rf "$WORK" || fail "cannot remove $WORK"
sync || fail 'sync does not work'
printf '%s\n' "$FROM" >"$MARK" || fail "cannot write $MARK"
rm -f "$MARK.begun" || fail "cannot remove $MARK.begun"
note "restored: revision $revision, hash $hash"
