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
	200 | 401 | 403) return 0 ;;
	esac
	left=$((left - 1))
	[ "$left" -gt 0 ] || fail "${why:-https://$ENDPOINT/readyz answers with status $status: no API server behind it is ready}"
	sleep 1
done
