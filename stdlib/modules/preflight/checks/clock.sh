# NOT_BEFORE, NOT_AFTER  plausible times, in seconds since 1970
# URL                    empty, or a server whose Date header has the right time
# MAX_SKEW               seconds that the clock may be off

now=$(date +%s)
if [ "$now" -lt "$NOT_BEFORE" ] || [ "$now" -gt "$NOT_AFTER" ]; then
	fail "the clock says $(date -u), which cannot be; set it, and see to a time service (ntp_servers in the os block)"
fi
[ -n "$URL" ] || return 0

# A clock that is far off makes certificates look invalid, which is just what is
# asked here, so a certificate is not checked; nothing but a time is read.
headers=$(curl --silent --insecure --head --max-time 10 "$URL") || {
	fail "no answer from $URL, which clock_url in the preflight block names to compare the clock with"
}
then=$(date +%s)
# Date: Sun, 06 Nov 1994 08:49:37 GMT, as days since 1970 by the civil calendar.
there=$(printf '%s\n' "$headers" | tr -d '\r' | awk 'tolower($1) == "date:" {
	m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $4) + 2) / 3; d = $3; y = $5
	if (m <= 2) { y--; m += 12 }
	days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 1 - 719468
	split($6, t, ":")
	printf "%d\n", days * 86400 + t[1] * 3600 + t[2] * 60 + t[3]; exit
}')
[ -n "$there" ] || fail "$URL answers without a Date header; name another server in clock_url"
if [ "$now" -gt "$((there + MAX_SKEW))" ]; then
	fail "the clock is $((now - there)) s ahead of $URL, at most $MAX_SKEW s are allowed; set it, and see to a time service (ntp_servers in the os block)"
fi
if [ "$((then + MAX_SKEW))" -lt "$there" ]; then
	fail "the clock is $((there - then)) s behind $URL, at most $MAX_SKEW s are allowed; set it, and see to a time service (ntp_servers in the os block)"
fi
