# The API server answers at the endpoint, from this host. Who asks is not checked there, nor
# here: only that an API server is behind it. One that is just being joined, or whose etcd
# looks for a leader, is waited for.
#
# ENDPOINT  HOST:PORT

left=30
while :; do
	why=
	status=$(curl --silent --insecure --noproxy '*' --max-time 10 --output /dev/null --write-out '%{http_code}' "https://$ENDPOINT/readyz") ||
		why="nothing answers at https://$ENDPOINT; look at: kubectl get --raw /readyz on a control plane"
	case $why$status in
	200 | 401 | 403) break ;;
	esac
	left=$((left - 1))
	[ "$left" -gt 0 ] || break
	sleep 1
done
[ -z "$why" ] || fail "$why"
# Who asks without a name may be refused: it serves too.
case $status in
401 | 403) status=200 ;;
esac
found "the API server at $ENDPOINT" 'status 200' "status $status" /readyz 'no API server behind it is ready'
