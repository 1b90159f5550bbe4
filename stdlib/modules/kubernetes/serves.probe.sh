# Whether the API server of this host serves: it has found etcd.
#
# ADDRESS  ADDRESS:PORT of this host's API server
# TIMEOUT  for the act

: "$TIMEOUT"
curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$ADDRESS/readyz" || differs "the API server at $ADDRESS does not serve"
ok
