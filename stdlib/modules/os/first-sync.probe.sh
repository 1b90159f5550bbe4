# MAX_OFFSET_MS  the clock is right when it is off by less

if ! command -v chronyc >/dev/null 2>&1; then
	blocked 'package chrony' 'there is no chronyc yet'
	return 0
fi
# chronyc -c: REFID,address,stratum,ref time,offset in seconds,...,leap status
if ! line=$(chronyc -n -c tracking); then
	blocked 'service chrony' 'chronyd does not answer'
	return 0
fi
verdict=$(printf '%s\n' "$line" | awk -F, -v max="$MAX_OFFSET_MS" '{
	off = $5 * 1000; if (off < 0) off = -off
	if ($14 == "Not synchronised") print "no time server has answered yet"
	else if (off >= max) printf "the clock is off by %d ms, expected less than %d ms\n", off, max
}')
if [ -n "$verdict" ]; then
	differs "$verdict"
else
	ok
fi
