# ADDRESS  the address that the definition gives this host

case $ADDRESS in
127.* | ::1)
	note "the declared address $ADDRESS is the loopback's: good for one host alone"
	return 0
	;;
esac
have='' is=
case $ADDRESS in
*:*)
	# /proc/net/if_inet6: 32 hex digits, ..., the interface
	want=$(printf '%s\n' "$ADDRESS" | awk '{
		n = split(tolower($0), half, "::")
		left = split(half[1], l, ":"); right = n > 1 ? split(half[2], r, ":") : 0
		for (i = 1; i <= left; i++) out = out substr("0000" l[i], length(l[i]) + 1)
		for (i = left + right; i < 8 && n > 1; i++) out = out "0000"
		for (i = 1; i <= right; i++) out = out substr("0000" r[i], length(r[i]) + 1)
		print out
	}')
	while read -r address _ _ _ _ interface; do
		[ "$address" != "$want" ] || is=$ADDRESS
		have="$have $address($interface)"
	done </proc/net/if_inet6
	;;
*)
	# /proc/net/fib_trie: an address stands above its "/32 host LOCAL".
	have=$(awk '/32 host LOCAL/ { if (!seen[last]++) printf " %s", last } { last = $2 }' /proc/net/fib_trie)
	case "$have " in
	*" $ADDRESS "*) is=$ADDRESS ;;
	esac
	;;
esac
found 'an address of this host' "$ADDRESS" "${is:-not among$have}" "the kernel's tables" 'correct address in the definition, or see whether this is the right machine'
