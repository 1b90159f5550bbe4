# request: what a verify script that reports requests says of each certificate that this host
# wants signed elsewhere, for who brings the requests there. No key is in what it says.

# request NAME INPUT USAGES KEY FILE: FILE is the request in PEM; KEY is where its key lies on
# this host; INPUT is what takes the certificate when it is signed, and USAGES what it is to be
# good for: 'server auth, client auth'.
request() {
	[ -r "$5" ] || fail "cannot read $5"
	request_text=$(cat "$5") || fail "cannot read $5"
	case $request_text in
	*-----BEGIN*-----BEGIN* | *PRIVATE*) fail "$5 holds more than a request" ;;
	'-----BEGIN CERTIFICATE REQUEST-----'*'-----END CERTIFICATE REQUEST-----') ;;
	*) fail "$5 holds no request in PEM" ;;
	esac
	[ -n "$script_verdicts" ] || return 0
	request_fields=request
	for request_field in "$1" "$2" "$3" "$4" "$request_text"; do
		escape "$request_field"
		request_fields=$request_fields$spray_tab$escaped
	done
	printf '%s\n' "$request_fields" >>"$script_verdicts.found" || exit 1
}
