# Each part of this host's own API server, asked on the host itself. One that an earlier run,
# which was killed, has given another manifest may just be starting.
#
# ADDRESS  ADDRESS:PORT of it
# LEFT     how often it is asked again

nl='
'
left=$LEFT
while :; do
	answer=$(curl --silent --insecure --max-time 10 "https://$ADDRESS/readyz?verbose") || answer=
	case $answer in
	*'readyz check passed'*) break ;;
	esac
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
[ -n "$answer" ] || fail "the API server does not answer at $ADDRESS"
# Of what it says, the parts that are not well: [-]etcd failed: reason withheld
is=ok
case $answer in
*'readyz check passed'*) ;;
*)
	is=
	rest=$answer$nl
	while [ -n "$rest" ]; do
		case $rest in
		'[-]'*) is="$is${is:+; }${rest%%"$nl"*}" ;;
		esac
		rest=${rest#*"$nl"}
	done
	;;
esac
found "the API server at $ADDRESS" ok "${is:-$answer}" '/readyz'
