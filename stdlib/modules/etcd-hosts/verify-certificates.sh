# PKI    folder of the certificates
# FILES  which there are: PKI/NAME.crt
# RENEW  seconds before its end from which on a run makes one anew
# AT     HOST:PORT of this member, which must show server.crt; empty for a host that is none
# THERE  true: there may be none yet

if [ "$THERE" = true ] && [ ! -e "$PKI/ca.crt" ]; then return 0; fi

# days FILE: how many are left, by openssl's own words: "notAfter=Nov 21 14:00:00 2027 GMT".
days() {
	openssl x509 -in "$1" -noout -enddate | awk -v now="$(date +%s)" -F '[= ]+' '{
		month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $2) + 2) / 3
		year = $5
		if (month < 3) { month += 12; year -= 1 }
		end = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + $3 - 719469
		printf "%d\n", end - int(now / 86400)
	}'
}

enough="good for $((RENEW / 86400)) days or more"
for name in ca $FILES; do
	crt=$PKI/$name.crt
	left=$(days "$crt") || fail "cannot read $crt"
	if openssl x509 -in "$crt" -noout -checkend "$RENEW" >/dev/null; then
		is=$enough
	elif openssl x509 -in "$crt" -noout -checkend 0 >/dev/null; then
		is="good for $left days"
	else
		is='past its end'
	fi
	case $name$is in
	ca'good for '*)
		[ "$is" = "$enough" ] || note "the CA $crt is good for $left days more; it is not made anew by itself"
		found "certificate $crt" 'not past its end' 'not past its end' "openssl x509: $left days"
		;;
	ca*) found "certificate $crt" 'not past its end' "$is" "openssl x509: $left days" ;;
	*) found "certificate $crt" "$enough" "$is" "openssl x509: $left days" 'a run makes it anew' ;;
	esac
done
if [ -n "$AT" ]; then
	shown=$(openssl s_client -connect "$AT" -cert "$PKI/client.crt" -key "$PKI/client.key" -CAfile "$PKI/ca.crt" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256) || shown=none
	have=$(openssl x509 -in "$PKI/server.crt" -noout -fingerprint -sha256) || fail "cannot read $PKI/server.crt"
	found "certificate of $AT" "${have#*=}" "${shown#*=}" "the fingerprint of what is served at $AT; wanted is that of $PKI/server.crt"
fi
