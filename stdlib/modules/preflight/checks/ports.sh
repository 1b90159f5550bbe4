# PORTS  PORT=PROGRAM for each: the port is free, or that program listens on it

# Sockets that listen (state 0A): PORT=INODE. The port is hex after the last
# colon of the local address. A host without IPv6 has no tcp6.
listening=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" {
	n = split($2, at, ":"); hex = toupper(at[n]); port = 0
	for (i = 1; i <= length(hex); i++) port = port * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
	print port "=" $10
}')

# Those among them that are asked about: INODE=PORT=PROGRAM.
asked='' held=
for pair in $PORTS; do
	for socket in $listening; do
		[ "${socket%%=*}" != "${pair%%=*}" ] || asked="$asked ${socket#*=}=$pair"
	done
done

# Who has them open: INODE=PID. A process that ends meanwhile is no matter.
# shellcheck disable=SC2012 # not every find can print where a link points
[ -z "$asked" ] || held=$(ls -l /dev/null /proc/[0-9]*/fd 2>/dev/null | awk -v asked="$asked" '
	BEGIN { n = split(asked, list, " "); for (i = 1; i <= n; i++) { split(list[i], a, "="); want["socket:[" a[1] "]"] = a[1] } }
	/\/fd:$/ { n = split($1, path, "/"); pid = path[n - 1] }
	$NF in want && !seen[want[$NF]]++ { print want[$NF] "=" pid }')

for pair in $PORTS; do
	is='free or its own' name=
	for socket in $asked; do
		[ "${socket#*=}" = "$pair" ] || continue
		for pid in $held; do
			if [ "${pid%%=*}" = "${socket%%=*}" ]; then
				read -r name <"/proc/${pid#*=}/comm" || name=
			fi
		done
		# The kernel keeps 15 characters of a program's name.
		if [ -n "$name" ]; then
			case ${pair#*=} in
			"$name"*) continue ;;
			esac
		fi
		is="held by ${name:-an unknown program}"
	done
	found "port ${pair%%=*}, for ${pair#*=}" 'free or its own' "$is" '/proc/net/tcp' 'stop it (ss -ltnp shows it), or correct ports in the preflight block'
done
