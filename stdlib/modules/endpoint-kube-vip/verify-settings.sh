# What the running kube-vip was started with, asked of the kernel. One that has another
# manifest since a moment may just be starting.
#
# WANT  lines: NAME=value, but for what has a password

: "$WANT"
# settings: yes or no, whether all is as wanted; then of each what is wanted, what is there,
# and its name, a line each.
settings() {
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$command" != kube-vip ] || tr '\0' '\n' 2>/dev/null <"$folder/environ" || continue
	done | awk '
		{ has[substr($0, 1, index($0, "=") - 1)] = substr($0, index($0, "=") + 1) }
		END {
			well = "yes"
			lines = split(ENVIRON["WANT"], line, "\n")
			for (i = 1; i <= lines; i++) {
				if (!index(line[i], "=")) continue
				name = substr(line[i], 1, index(line[i], "=") - 1)
				want = substr(line[i], index(line[i], "=") + 1)
				if (want != has[name]) well = "no"
				out = out want "\n" has[name] "\n" name "\n"
			}
			printf "%s\n%s", well, out
		}'
}

left=60
while :; do
	all=$(settings) || fail 'awk does not work'
	case $all in
	yes*) break ;;
	esac
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
{
	read -r all
	while IFS= read -r want && IFS= read -r has && read -r name; do
		found "$name of kube-vip" "$want" "$has" 'environment of process kube-vip' 'look at: journalctl -u kubelet.service'
	done
} <<END
$all
END
