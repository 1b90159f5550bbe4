# The API server answers at the endpoint, from this host. Who asks is not checked there, nor
# here: only that an API server is behind it.
#
# ENDPOINT  HOST:PORT

status=$(curl --silent --insecure --noproxy '*' --max-time 10 --output /dev/null --write-out '%{http_code}' "https://$ENDPOINT/readyz") ||
	fail "nothing answers at https://$ENDPOINT; look at: kubectl get --raw /readyz on a control plane"
case $status in
200 | 401 | 403) ;;
*) fail "https://$ENDPOINT/readyz answers with status $status: no API server behind it is ready" ;;
esac
