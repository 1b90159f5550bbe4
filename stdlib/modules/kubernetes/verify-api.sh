# Each part of this host's own API server, asked on the host itself. One that an earlier run,
# which was killed, has given another manifest may just be starting.
#
# ADDRESS  ADDRESS:PORT of it

left=60
while :; do
	answer=$(curl --silent --insecure --max-time 10 "https://$ADDRESS/readyz?verbose") || answer=
	case $answer in
	*'readyz check passed'*) return 0 ;;
	esac
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
[ -n "$answer" ] || fail "the API server does not answer at $ADDRESS"
differs "the API server at $ADDRESS is not ready: $answer"
