# Each control is asked of the processes and files of this host. One whose process or files
# other hosts have is passed over.
#
# CONTROLS  lines: number|title|how, as controls.hcl says

# arguments COMPONENT: those of its process, a line each; nothing if it does not run here.
arguments() {
	for folder in /proc/[0-9]*; do
		[ -r "$folder/cmdline" ] || continue
		words=$(tr '\0' '\n' 2>/dev/null <"$folder/cmdline") || continue # it has ended meanwhile
		first=${words%%"
"*}
		if [ "${first##*/}" = "$1" ]; then
			printf '%s\n' "$words"
			return 0
		fi
	done
}

# value FLAG: what the argument is; nothing if it is not there.
value() { printf '%s\n' "$running" | awk -v flag="$1=" 'index($0, flag) == 1 { print substr($0, length(flag) + 1); exit }'; }

of=
while IFS='|' read -r id title how; do
	word=${how%% *} rest=${how#* }
	case $word in
	args | has | none)
		component=${rest%% *} rest=${rest#* }
		if [ "$component" != "$of" ]; then
			running=$(arguments "$component") || fail 'the processes cannot be read'
			of=$component
		fi
		[ -n "$running" ] || continue
		;;
	esac
	case $word in
	args)
		found=$(value "${rest%%=*}") || fail 'awk does not work'
		if [ -z "$found" ]; then
			differs "$id, $title: $of runs without ${rest%%=*}"
		elif [ "${rest#*=}" != '*' ] && [ "${rest#*=}" != "$found" ]; then
			differs "$id, $title: $of runs with ${rest%%=*}=$found"
		fi
		;;
	has)
		found=$(value "${rest%% *}") || fail 'awk does not work'
		case ,$found, in
		*",${rest#* },"*) ;;
		*) differs "$id, $title: $of runs with ${rest%% *}=$found" ;;
		esac
		;;
	none)
		found=$(value "${rest%% *}") || fail 'awk does not work'
		case $rest in
		*' '*)
			case ,$found, in
			*",${rest#* },"*) differs "$id, $title: $of runs with ${rest%% *}=$found" ;;
			esac
			;;
		*) [ -z "$found" ] || [ "$found" = false ] || differs "$id, $title: $of runs with $rest=$found" ;;
		esac
		;;
	mode)
		for file in ${rest#* }; do
			[ -e "$file" ] || continue
			have=$(stat -c '%a %U' "$file") || fail "cannot stat $file"
			[ "${have#* }" = root ] || differs "$id, $title: $file is ${have#* }'s"
			have=${have%% *}
			case ${rest%% *} in
			600 | 700) case $have in ?00) ;; *) differs "$id, $title: $file is $have" ;; esac ;;
			755) case $have in ?[2367]? | *[2367]) differs "$id, $title: $file is $have" ;; esac ;;
			*) fail "no mode ${rest%% *}" ;;
			esac
		done
		;;
	*) fail "control $id is checked by nothing: $how" ;;
	esac
done <<END
$CONTROLS
END
