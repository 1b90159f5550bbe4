# Each part of this host's own API server, asked on the host itself.
#
# ADDRESS  ADDRESS:PORT of it

answer=$(curl --silent --insecure --max-time 10 "https://$ADDRESS/readyz?verbose") || fail "the API server does not answer at $ADDRESS"
case $answer in
*'readyz check passed'*) ;;
*) differs "the API server at $ADDRESS is not ready: $answer" ;;
esac
