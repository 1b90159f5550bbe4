# kube-vip has read the admin.conf that is there. It sees that file as it was when it started:
# another of that name is not put in its container.
#
# ENDPOINT, TIMEOUT  for the act, which gets the process

: "$ENDPOINT" "$TIMEOUT"
conf=/etc/kubernetes/admin.conf due=/run/sprayc/kube-vip
: >"$due" || fail "cannot write $due"

# older PID: it was started before the file was written. A clock in whole seconds may be one
# behind.
older() {
	read -r line 2>/dev/null <"/proc/$1/stat" || return 1
	written=$(stat -c %Y "$conf") || fail "cannot stat $conf"
	said=$(printf '%s\n' "${line##*\) }" | awk -v written="$written" 'FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next } boot + $20 / 100 + 1 < written { print "older" }' /proc/stat -) || fail 'awk does not work'
	[ -n "$said" ]
}

for folder in /proc/[0-9]*; do
	read -r is 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
	if [ "$is" != kube-vip ] || [ ! -e "$folder/root$conf" ]; then continue; fi # it is another's
	if older "${folder##*/}" || ! cmp -s "$folder/root$conf" "$conf"; then
		differs 'kube-vip has read another admin.conf'
		printf '%s\n' "${folder##*/}" >"$due" || fail "cannot write $due"
	fi
done
ok
