# The control plane's processes have the flags of the definition and of their manifests, and
# no others: asked of the kernel. One that an earlier run, which was killed, has given another
# manifest may just be starting.
#
# FLAGS  lines: a component, a flag as the definition has it

: "$FLAGS"
# processes: the arguments of each, a line each, below a line with its name.
processes() {
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		case $command in
		etcd | kube-apiserver | kube-controller | kube-scheduler) ;; # the kernel keeps 15 characters of a name
		*) continue ;;
		esac
		words=$(tr '\0' '\n' <"$folder/cmdline" 2>/dev/null) || continue # it has ended meanwhile
		printf '= %s\n' "$words"
	done
}

# settings: yes or no, whether all is as wanted; then of each flag its value, that of the
# process, its name and its component, a line each. Of a process that does not run the name
# is empty.
settings() {
	processes | awk '
		# value(LINE): of --flag=value; name is the flag.
		function value(line,   at) {
			at = index(line, "=")
			name = at ? substr(line, 1, at - 1) : line
			return at ? substr(line, at + 1) : "true"
		}
		function note(of, line,   text) {
			text = value(line)
			if (!((of, name) in known)) { known[of, name] = 1; flag[of, ++flags[of]] = name }
			return text
		}
		function secret(flag, text) { return flag ~ /password|discovery-(token|user)$/ || text ~ /:\/\/[^\/,]*@/ }
		FILENAME == "-" && /^= / { of = substr($0, 3); runs[of]++; next }
		FILENAME == "-" {
			if (!/^--/) next
			text = value($0)
			if ((of, name) in turn && turn[of, name] == runs[of]) text = has[of, name] " " text
			turn[of, name] = runs[of]
			has[of, name] = text
			next
		}
		FNR == 1 {
			component = FILENAME
			gsub(/^.*\/|[.]yaml$/, "", component)
			order[++count] = component
		}
		/^    - [\047"]?--/ {
			sub(/^    - /, "")
			if (/^\047/) { $0 = substr($0, 2, length($0) - 2); gsub(/\047\047/, "\047") }
			if (/^"/) { $0 = substr($0, 2, length($0) - 2); gsub(/\\"/, "\"") }
			text = note(component, $0)
			if ((component, name) in want) text = want[component, name] " " text
			want[component, name] = text
		}
		END {
			lines = split(ENVIRON["FLAGS"], line, "\n")
			for (i = 1; i <= lines; i++) {
				of = substr(line[i], 1, index(line[i], " ") - 1)
				text = note(of, substr(line[i], length(of) + 2))
				want[of, name] = text
			}
			well = "yes"
			for (i = 1; i <= count; i++) {
				of = order[i]
				if (!runs[of]) { well = "no"; out = out "\n\n\n" of "\n"; continue }
				for (key in has) {
					split(key, part, SUBSEP)
					if (part[1] == of && turn[key] == runs[of] && !(key in known)) note(of, part[2])
				}
				for (j = 1; j <= flags[of]; j++) {
					name = flag[of, j]
					wanted = want[of, name]
					is = (of, name) in turn && turn[of, name] == runs[of] ? has[of, name] : ""
					if (wanted != is) well = "no"
					if (secret(name, wanted is)) { is = wanted == is ? "as in its manifest" : "another"; wanted = "as in its manifest" }
					out = out wanted "\n" is "\n" name "\n" of "\n"
				}
			}
			printf "%s\n%s", well, out
		}' - "$@"
}

set --
for manifest in etcd kube-apiserver kube-controller-manager kube-scheduler; do
	manifest=/etc/kubernetes/manifests/$manifest.yaml
	[ ! -e "$manifest" ] || set -- "$@" "$manifest"
done
[ "$#" -gt 0 ] || fail 'there is no manifest of the control plane'
left=60
while :; do
	all=$(settings "$@") || fail 'awk does not work'
	case $all in
	yes*) break ;;
	esac
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
{
	read -r all
	while IFS= read -r want && IFS= read -r has && read -r name && read -r of; do
		if [ -n "$name" ]; then
			found "$name of $of" "$want" "$has" "arguments of process $of" 'look at: journalctl -u kubelet.service'
		else
			differs "$of does not run; look at: journalctl -u kubelet.service"
		fi
	done
} <<END
$all
END
