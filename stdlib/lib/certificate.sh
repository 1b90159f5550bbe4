# certificate: what a verify script that reports certificates says of each: where it stands or
# is served, whose it is, by whom, and when it ends; and how long one is good. They are read with awk alone: a host need
# not have openssl.

# certificate_awk reads PEM, or a kubeconfig's client certificate, or what curl --verbose has
# said; of each certificate it writes END BEGIN SERIAL ISSUER SUBJECT NAMES with tabs between,
# or bad. What is not printable ASCII in a name stands as \xHH, as in an event. With keys=1 it
# writes how the certificate names its own key and that of its issuer: SUBJECT-KEY,ISSUER-KEY.
# shellcheck disable=SC2016 # they are awk's
certificate_awk='
BEGIN {
	for (i = 1; i <= 64; i++) value[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", i, 1)] = i - 1
	for (i = 32; i < 127; i++) if (i != 92) { char[i] = sprintf("%c", i); printable[char[i]] = 1 }
	name["550403"] = "CN"; name["55040A"] = "O"; name["55040B"] = "OU"; name["550406"] = "C"; name["550407"] = "L"; name["550408"] = "ST"
	for (power[0] = i = 1; i < 8; i++) power[i] = 2 * power[i - 1] # busybox has no ^
	usual = "JanFebMarAprMayJunJulAugSepOctNovDec"
}
/client-certificate-data:/ {
	sub(/.*client-certificate-data:[ \t]*/, "")
	gsub(/["\047]/, "")
	decode($0)
	text = ""
	for (i = 0; i < size; i++) text = text (byte[i] == 10 ? "\n" : char[byte[i]])
	lines = split(text, line, "\n")
	for (i = 1; i <= lines; i++) pem(line[i])
	next
}
/^\*  *subject: / && said["subject"] == "" { said["subject"] = after() }
/^\*  *issuer: / && said["issuer"] == "" { said["issuer"] = after() }
/^\*  *start date: / && said["begin"] == "" { said["begin"] = date(after()) }
/^\*  *expire date: / && said["end"] == "" { said["end"] = date(after()) }
{ pem($0) }
END {
	if (!whole && said["end"] != "") print said["end"] "\t" said["begin"] "\t\t" said["issuer"] "\t" said["subject"] "\t"
}

# after is what follows the first colon, with commas between the parts of a name.
function after(   s, i, c, out) {
	s = $0
	sub(/^[^:]*: /, "", s)
	gsub(/; /, ", ", s)
	gsub(/ = /, "=", s)
	out = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		out = out (c in printable ? c : "?")
	}
	return out
}

# date is that of "Nov  2 09:05:00 2027 GMT".
function date(s,   part) {
	if (split(s, part, " ") != 5 || part[4] !~ /^[0-9]+$/ || part[3] !~ /^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]$/) return ""
	return sprintf("%04d-%02d-%02dT%sZ", part[4], (index(usual, part[1]) + 2) / 3, part[2], part[3])
}

function pem(s) {
	if (s ~ /-----BEGIN CERTIFICATE-----/) { inside = 1; body = ""; return }
	if (s ~ /-----END CERTIFICATE-----/ && inside) { inside = 0; whole++; decode(body); read(); return }
	if (inside) body = body s
}

# decode: byte and size are what a text in base64 is.
function decode(s,   i, c, v, bits, p) {
	size = v = bits = 0
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (!(c in value)) continue
		v = v * 64 + value[c]
		bits += 6
		if (bits >= 8) {
			bits -= 8
			p = power[bits]
			byte[size++] = int(v / p)
			v %= p
		}
	}
}

# head: tag, first and stop are the value that begins at p: what it is, its first byte, and
# the one after its last.
function head(p,   n, k) {
	tag = byte[p]
	n = byte[p + 1]
	first = p + 2
	if (n >= 128) {
		k = n - 128
		if (k < 1 || k > 3) bad = 1
		else for (n = 0; k > 0; k--) n = n * 256 + byte[first++]
	}
	stop = first + n
	if (stop > size || p >= size) { bad = 1; stop = size; if (first > size) first = size }
}

function read(   p, last, serial, issuer, subject, begin, ending, names, q) {
	bad = 0
	own = by = ""
	head(0)
	head(first)
	last = stop
	p = first
	head(p)
	if (tag == 160) { p = stop; head(p) }
	serial = hex(first, stop)
	head(stop)
	head(stop); p = stop; issuer = people(first, stop)
	head(p); p = stop; q = first
	head(q); begin = time(first, stop)
	head(stop_of(q)); ending = time(first, stop)
	head(p); p = stop; subject = people(first, stop)
	head(p); p = stop
	names = ""
	while (p < last && !bad) {
		head(p)
		p = stop
		if (tag == 163) { head(first); names = extensions(first, stop) }
	}
	if (bad || begin == "" || ending == "") print "bad"
	else if (keys) print own "," by
	else print ending "\t" begin "\t" serial "\t" issuer "\t" subject "\t" names
}

function stop_of(p) { head(p); return stop }

function hex(p, to,   s) {
	s = ""
	for (; p < to; p++) s = s sprintf("%02X", byte[p])
	return s
}

function plain(p, to,   s) {
	s = ""
	for (; p < to; p++) s = s (byte[p] in char ? char[byte[p]] : sprintf("\\x%02x", byte[p]))
	return s
}

function time(p, to,   s) {
	s = plain(p, to)
	if (tag == 23) s = (substr(s, 1, 2) < "50" ? "20" : "19") s
	if (length(s) != 15 || s !~ /^[0-9]+Z$/) return ""
	return substr(s, 1, 4) "-" substr(s, 5, 2) "-" substr(s, 7, 2) "T" substr(s, 9, 2) ":" substr(s, 11, 2) ":" substr(s, 13, 2) "Z"
}

# people is a distinguished name.
function people(p, to,   all, q, one, key) {
	all = ""
	while (p < to && !bad) {
		head(p)
		q = first
		for (p = stop; q < p && !bad; q = one) {
			head(q)
			one = stop
			head(first)
			key = hex(first, stop)
			head(stop)
			all = all (all == "" ? "" : ", ") (key in name ? name[key] : "OID." key) "=" plain(first, stop)
		}
	}
	return all
}

# extensions: of these the names; own and by are the keys.
function extensions(p, to,   all, next_one, n, i, s, id) {
	all = ""
	while (p < to && !bad) {
		head(p)
		next_one = stop
		head(first)
		id = hex(first, stop)
		if (id == "551D0E" || id == "551D23") {
			head(stop)
			if (tag == 1) head(stop)
			head(first)
			if (id == "551D0E") own = hex(first, stop)
			else {
				head(first)
				if (tag == 128) by = hex(first, stop)
			}
		} else if (id == "551D11") {
			head(stop)
			if (tag == 1) head(stop)
			head(first)
			n = stop
			for (i = first; i < n && !bad; i = stop) {
				head(i)
				s = ""
				if (tag == 130) s = "DNS:" plain(first, stop)
				else if (tag == 135) s = "IP:" address(first, stop)
				else if (tag == 134) s = "URI:" plain(first, stop)
				else if (tag == 129) s = "email:" plain(first, stop)
				if (s != "") all = all (all == "" ? "" : ", ") s
			}
		}
		p = next_one
	}
	return all
}

function address(p, to,   s) {
	s = ""
	if (to - p == 4) return byte[p] "." byte[p + 1] "." byte[p + 2] "." byte[p + 3]
	for (; p + 1 < to; p += 2) s = s (s == "" ? "" : ":") sprintf("%x", byte[p] * 256 + byte[p + 1])
	return s
}'

# certificate WHAT FILE [NOTE]: those in a file, PEM or a kubeconfig with its client's.
certificate() {
	[ -r "$2" ] || fail "cannot read $2"
	certificate_list=$(awk "$certificate_awk" "$2") || fail "awk cannot read $2"
	[ -n "$certificate_list" ] || fail "there is no certificate in $2"
	while IFS= read -r certificate_line; do
		[ "$certificate_line" != bad ] || fail "$2 holds what is no certificate"
		certificate_tell file "$1" "$2" "$certificate_line" "${3-}"
	done <<EOT
$certificate_list
EOT
}

# served WHAT WHERE SAID [FILE]: the one that is served at WHERE, HOST:PORT. SAID is what
# curl --verbose --insecure --write-out '%{certs}' has said on both its outputs; where it does
# not know %{certs} the names are not read. FILE is what should be served.
served() {
	certificate_line=$(printf '%s\n' "$3" | awk "$certificate_awk") || fail 'awk does not work'
	certificate_line=${certificate_line%%"$spray_nl"*} # the others are of those that have signed it
	case $certificate_line in
	'' | bad)
		certificate_why=$(printf '%s\n' "$3" | awk '/^curl: \([0-9]+\) / { why = $0 } END { print why }') || fail 'awk does not work'
		certificate_tell served "$1" "$2" '' "nothing is shown there${certificate_why:+: $certificate_why}"
		return 0
		;;
	esac
	certificate_note=''
	if [ -n "${4-}" ]; then
		certificate_file=$(awk "$certificate_awk" "$4") || certificate_file=''
		certificate_same "$certificate_line" "${certificate_file%%"$spray_nl"*}" || certificate_note="another than $4"
	fi
	certificate_tell served "$1" "$2" "$certificate_line" "$certificate_note"
}

# certificate_days FILE: how many whole days a file's certificates have left, of those the one
# that ends first; less than 0 when it has ended. FILE is what certificate reads, or has what
# curl said, as served has it.
certificate_days() {
	[ -r "$1" ] || fail "cannot read $1"
	certificate_list=$(awk "$certificate_awk" "$1") || fail "awk cannot read $1"
	[ -n "$certificate_list" ] || fail "there is no certificate in $1"
	certificate_now=$(date +%s) || fail 'date does not work'
	certificate_left=$(printf '%s\n' "$certificate_list" | awk -v now="$certificate_now" '
		!/^[0-9]/ { bad = 1 }
		{
			year = substr($0, 1, 4)
			month = substr($0, 6, 2) + 0
			if (month < 3) { month += 12; year -= 1 }
			days = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + substr($0, 9, 2) - 719469
			left = days * 86400 + substr($0, 12, 2) * 3600 + substr($0, 15, 2) * 60 + substr($0, 18, 2) - now
			if (NR == 1 || left < least) least = left
		}
		END {
			if (bad) exit
			days = int(least / 86400)
			print least < days * 86400 ? days - 1 : days
		}') || fail 'awk does not work'
	[ -n "$certificate_left" ] || fail "$1 holds what is no certificate"
	printf '%s\n' "$certificate_left"
}

# certificate_shown SAID FILE: what is served is FILE's; SAID is as served has it.
certificate_shown() {
	certificate_line=$(printf '%s\n' "$1" | awk "$certificate_awk") || fail 'awk does not work'
	certificate_file=$(awk "$certificate_awk" "$2") || fail "awk cannot read $2"
	certificate_line=${certificate_line%%"$spray_nl"*} certificate_file=${certificate_file%%"$spray_nl"*}
	case $certificate_line in
	'' | bad) return 1 ;;
	esac
	certificate_same "$certificate_line" "$certificate_file"
}

# certificate_same LINE LINE: they are of one certificate; of one that curl has not shown whole
# the dates are compared.
certificate_same() {
	case $2 in
	"$1" | "${1%%"$spray_tab$spray_tab"*}$spray_tab"*) return 0 ;;
	esac
	return 1
}

# certificate_tell HOW WHAT WHERE LINE NOTE: for the driver, which makes an event of it. LINE
# is escaped as an event is.
certificate_tell() {
	[ -n "$script_verdicts" ] || return 0
	certificate_fields=certificate
	for certificate_field in "$1" "$2" "$3" "$5"; do
		escape "$certificate_field"
		certificate_fields=$certificate_fields$spray_tab$escaped
	done
	printf '%s\t%s\n' "$certificate_fields" "$4" >>"$script_verdicts.found" || exit 1
}

# certificate_by FILE CA: the first certificate of a file names the key of CA's first as that of
# its issuer: two authorities of one name are told apart by that.
certificate_by() {
	certificate_of=$(awk -v keys=1 "$certificate_awk" "$1") || fail "awk cannot read $1"
	certificate_from=$(awk -v keys=1 "$certificate_awk" "$2") || fail "awk cannot read $2"
	certificate_of=${certificate_of%%"$spray_nl"*} certificate_from=${certificate_from%%"$spray_nl"*}
	[ -n "${certificate_from%%,*}" ] && [ "${certificate_of#*,}" = "${certificate_from%%,*}" ]
}

# certificate_ids FILE: of each certificate in it, in order, the SHA-256 of its DER.
certificate_ids() {
	[ -r "$1" ] || fail "cannot read $1"
	certificate_ids=$(awk '/^-----BEGIN CERTIFICATE-----/ { body = ""; inside = 1; next } /^-----END/ { if (inside) print body; inside = 0 } inside { body = body $0 }' "$1" | while read -r certificate_body; do
		case $certificate_body in
		'' | *[!A-Za-z0-9+/=]*) exit 1 ;;
		esac
		printf '%s\n' "$certificate_body" | base64 -d | sha256sum || exit 1
	done) || fail "$1 holds what is no certificate"
	[ -n "$certificate_ids" ] || fail "there is no certificate in $1"
	printf '%s\n' "$certificate_ids" | awk '{ print $1 }' || fail 'awk does not work'
}

# public_key_ids FILE: of each public key in it, in order, how tokens of service accounts name
# the key: the digest of its DER, in base64 as URLs have it.
public_key_ids() {
	[ -r "$1" ] || fail "cannot read $1"
	public_key_ids=$(awk '/^-----BEGIN PUBLIC KEY-----/ { key = ""; inside = 1; next } /^-----END/ { if (inside) print key; inside = 0 } inside { key = key $0 }' "$1" | while read -r public_key; do
		case $public_key in
		'' | *[!A-Za-z0-9+/=]*) exit 1 ;;
		esac
		printf '%s\n' "$public_key" | base64 -d | sha256sum
	done) || fail "$1 holds what is no public key"
	[ -n "$public_key_ids" ] || fail "there is no public key in $1"
	# Three digits of the digest are two of base64.
	printf '%s\n' "$public_key_ids" | awk '{
		hex = substr($1, 1, 64) "00"
		id = ""
		for (at = 1; at <= 64; at += 3) {
			bits = 0
			for (digit = 0; digit < 3; digit++) bits = bits * 16 + index("0123456789abcdef", substr(hex, at + digit, 1)) - 1
			id = id substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", int(bits / 64) + 1, 1)
			id = id substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits % 64 + 1, 1)
		}
		print substr(id, 1, 43)
	}' || fail 'awk does not work'
}
