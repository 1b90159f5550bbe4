# NOT_BEFORE, NOT_AFTER  plausible times, in seconds since 1970
# URL                    empty, or a server whose Date header has the right time
# REQUIRED               true: no answer from there is a failure
# MAX_SKEW               seconds that the clock may be off

# Arithmetic is awk's: some shells count in 32 bits.
now=$(date +%s)
plausible=$(awk -v now="$now" -v from="$NOT_BEFORE" -v to="$NOT_AFTER" 'BEGIN { print (now + 0 >= from + 0 && now + 0 <= to + 0) ? "yes" : "no" }')
if [ "$plausible" = no ]; then
	fail "the clock says $(date -u), which cannot be; set it, and see to a time service (ntp_servers in the os block)"
fi
found 'the clock' plausible plausible "date: $now"
[ -n "$URL" ] || return 0

# A clock that is far off makes certificates look invalid, which is just what is
# asked here, so a certificate is not checked; nothing but a time is read.
if ! headers=$(curl --silent --insecure --head --max-time 10 "$URL"); then
	[ "$REQUIRED" != true ] || fail "no answer from $URL, which clock_url in the preflight block names to compare the clock with"
	note "no answer from $URL: the clock is not compared"
	return 0
fi
then=$(date +%s)
# Date: Sun, 06 Nov 1994 08:49:37 GMT, as days since 1970 by the civil calendar.
# It lies between the two readings of our clock, or the clock is off.
verdict=$(printf '%s\n' "$headers" | tr -d '\r' | awk -v before="$now" -v after="$then" -v skew="$MAX_SKEW" '
	tolower($1) == "date:" {
		m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $4) + 2) / 3; d = $3; y = $5
		if (m <= 2) { y--; m += 12 }
		days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 1 - 719468
		split($6, t, ":")
		there = days * 86400 + t[1] * 3600 + t[2] * 60 + t[3]
	}
	END {
		if (there == "") print "nothing"
		else if (before - there > skew + 0) printf "%d s ahead of\n", before - there
		else if (there - after > skew + 0) printf "%d s behind\n", there - after
	}')
case $verdict in
'') found "the clock beside $URL" "$MAX_SKEW s off at most" "$MAX_SKEW s off at most" 'its Date header' ;;
nothing) fail "$URL answers without a Date header; name another server in clock_url" ;;
*) found "the clock beside $URL" "$MAX_SKEW s off at most" "$verdict it" 'its Date header' 'set it, and see to a time service (ntp_servers in the os block)' ;;
esac
