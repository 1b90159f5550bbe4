# Whether etcd's state from before this upgrade is kept: in a snapshot that is not old, or the
# upgrade has begun, and there was one before.
#
# FOLDER      where snapshots are kept
# WANT        the version of Kubernetes that comes
# API         ADDRESS:PORT of this host's API server
# NAME, DATA  for the act

: "$NAME" "$DATA"
[ -r /etc/kubernetes/admin.conf ] || fail 'this host is no control plane yet; sprayc run makes it one'
said=
if curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$API/readyz"; then
	said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$API" get --raw /version) || said=
fi
case $said in
*"\"gitVersion\": \"v$WANT\""*)
	present
	return 0
	;;
esac
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
