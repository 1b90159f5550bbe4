# ENDPOINT  HOST:PORT of the API server

answer=$(curl --silent --insecure --max-time 5 "https://$ENDPOINT/readyz") || fail "the API server does not answer at $ENDPOINT"
[ "$answer" = ok ] || fail "the API server at $ENDPOINT is not ready"
ok
