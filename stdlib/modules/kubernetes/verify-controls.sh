# Each control is asked of the processes and files of this host. One whose process or files
# other hosts have is passed over.
#
# CONTROLS  lines: number|title|how, as controls.hcl says

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

set --
asked=
while IFS='|' read -r id title how; do
	case $how in
	'mode '*)
		how=${how#* }
		for file in ${how#* }; do
			[ -e "$file" ] || continue
			set -- "$@" "$file"
			asked="$asked@ ${how%% *} $file (CIS $id, $title)
"
		done
		;;
	esac
done <<END
$CONTROLS
END
if [ "$#" -gt 0 ]; then
	modes=$(stat -c '/ %a %U %n' "$@") || fail 'stat does not say who may read files'
	asked="$modes
$asked"
fi
# Of each its name, what is wanted, what is there, and how it was read: a line each.
controls=$({ processes && printf '%s' "$asked"; } | awk '
	function tell(name, want, is, how) { print name; print want; print is; print how }
	/^= / {
		of = substr($0, 3)
		sub(/^.*\//, "", of)
		again = runs[of]
		runs[of] = 1
		next
	}
	/^--/ {
		at = index($0, "=")
		name = at ? substr($0, 1, at - 1) : $0
		if (!again) has[of, name] = at ? substr($0, at + 1) : "true"
		next
	}
	/^\/ / { mode[$4] = $2; owner[$4] = $3; next }
	/^@ / {
		is = mode[$3]
		if ($2 == 755) well = is !~ /[2367].$|[2367]$/
		else well = is ~ /^.00$/
		want = "mode " $2 " or less, root\047s"
		name = $0
		sub(/^@ [0-9]+ /, "", name)
		tell(name, want, well && owner[$3] == "root" ? want : "mode " is ", " owner[$3] "\047s", "stat")
	}
	END {
		count = split(ENVIRON["CONTROLS"], line, "\n")
		for (i = 1; i <= count; i++) {
			if (split(line[i], part, "|") < 3) continue
			split(part[3], word, " ")
			of = word[2]
			if (word[1] == "mode") continue
			if (word[1] !~ /^(args|has|none)$/) { tell("control " part[1], "checked", "", part[3]); continue }
			if (!runs[of]) continue
			name = value = word[3]
			if (word[1] == "args") {
				sub(/=.*/, "", name)
				value = substr(value, length(name) + 2)
			} else value = word[4]
			is = has[of, name]
			listed = index("," is ",", "," value ",")
			if (word[1] == "args" && value == "*") { want = "set"; well = is != "" }
			else if (word[1] == "args") { want = value; well = is == value }
			else if (word[1] == "has") { want = "with " value; well = listed }
			else if (value != "") { want = "without " value; well = !listed }
			else { want = "none"; well = is == "" || is == "false" }
			tell(name " of " of " (CIS " part[1] ", " part[2] ")", want, well ? want : is, "arguments of process " of)
		}
	}') || fail 'the controls cannot be asked for'
while IFS= read -r name && IFS= read -r want && IFS= read -r has && IFS= read -r how; do
	found "$name" "$want" "$has" "$how"
done <<END
$controls
END
