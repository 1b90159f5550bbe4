# What reads its kubeconfig at its start alone has read the one that is there. It sees that
# file as it was then: another of that name is not put in its container.
#
# PROCESSES  lines: NAME COMM KUBECONFIG WHERE; WHERE is where it serves with a certificate
#            that it makes at its start, or -
# RENEW      days before its end from which on that one is to be another
# TIMEOUT    for the act, which gets the list

: "$TIMEOUT"
due=/run/sprayc/kubeadm/restarts there=/etc/kubernetes
mkdir -p "${due%/*}" || fail "cannot create ${due%/*}"
: >"$due" || fail "cannot write $due"

# older PID FILE: its process was started before the file was written. A clock in whole
# seconds may be one behind.
older() {
	read -r line 2>/dev/null <"/proc/$1/stat" || return 1
	written=$(stat -c %Y "$2") || fail "cannot stat $2"
	said=$(printf '%s\n' "${line##*\) }" | awk -v written="$written" 'FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next } boot + $20 / 100 + 1 < written { print "older" }' /proc/stat -) || fail 'awk does not work'
	[ -n "$said" ]
}

# ends NAME WHERE: what is shown there ends soon.
ends() {
	[ "$2" != - ] || return 1
	curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' "https://$2/healthz" >"$due.shown" 2>&1 || {
		blocked "$1" "it does not show its certificate at $2"
		return 1
	}
	days=$(certificate_days "$due.shown") || exit 1
	[ "$days" -lt "$RENEW" ]
}

while read -r name command file where; do
	[ -e "$there/manifests/$name.yaml" ] || continue
	for folder in /proc/[0-9]*; do
		read -r is 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		if [ "$is" != "$command" ] || [ ! -e "$folder/root$there/$file" ]; then continue; fi # it is another's
		pid=${folder##*/}
		if older "$pid" "$there/$file" || ! cmp -s "$folder/root$there/$file" "$there/$file"; then
			differs "$name has read another $file"
		elif ends "$name" "$where"; then
			differs "$name shows a certificate that ends in $days days, and makes another when it starts"
		else
			continue
		fi
		printf '%s %s %s %s\n' "$name" "$command" "$pid" "$where" >>"$due" || fail "cannot write $due"
	done
done <<END
$PROCESSES
END
ok
