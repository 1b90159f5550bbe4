# Of the control planes that serve, the first in the list makes the backup; what ended within
# the last minute counts as this one.
#
# FOLDER    where backups are kept
# CLUSTER   its name, with which theirs begin
# SERVERS   what each control plane is asked for its health, itself too
# SELF      the one of this host
# PKI       ca.crt, healthcheck-client.crt and .key for stacked etcd; empty: an API server is asked
# CA, CERT, KEY, ENDPOINTS, KEEP, VERSION, NAME  for the act

: "$CA" "$CERT" "$KEY" "$ENDPOINTS" "$KEEP" "$VERSION" "$NAME"
made=/run/sprayc/backup/made
mkdir -p "${made%/*}" || fail "cannot create ${made%/*}"
rm -f "$made" || fail "cannot remove $made"

# health URL: said is what it answers.
health() {
	if [ -n "$PKI" ]; then
		said=$(curl --silent --noproxy '*' --max-time 5 --cacert "$PKI/ca.crt" --cert "$PKI/healthcheck-client.crt" --key "$PKI/healthcheck-client.key" "$1/health") || said=
	else
		said=$(curl --silent --insecure --noproxy '*' --max-time 5 "$1/readyz") || said=
	fi
}

first=
for server in $SERVERS; do
	health "$server"
	case $said in
	ok | '{"health":"true"'*)
		first=$server
		break
		;;
	esac
done
[ -n "$first" ] || fail "no control plane serves, of $SERVERS: there is nothing to back up from"
if [ "$first" != "$SELF" ]; then
	note "the backup is made on the host of $first"
	ok
	return 0
fi

for left in "$FOLDER"/.making.*; do
	if [ -d "$left" ] && [ ! -d "/proc/${left##*.}" ]; then differs 'one was begun and not finished'; fi
done
newest=
for file in "$FOLDER/$CLUSTER"-*.tar; do
	[ ! -e "$file" ] || newest=$file
done
if [ -z "$newest" ]; then
	differs 'there is no backup'
	return 0
fi
now=$(date +%s) || fail 'date does not work'
then=$(stat -c %Y "$newest") || fail "cannot stat $newest"
if [ "$((now - then))" -gt 60 ]; then
	differs "the newest backup is $((now - then)) s old"
	return 0
fi
printf '%s\n' "$newest" >"$made" || fail "cannot write $made"
ok
