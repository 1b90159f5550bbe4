# follow: showing the events of a run, to programs as they are, to people in words.

# run_alive: the worker of SPRAY_RUN runs. Before it has said who it is, its starter knows.
run_alive() {
	if [ -s "$SPRAY_RUN/pid" ]; then
		read -r follow_pid follow_start follow_boot <"$SPRAY_RUN/pid" || return 1
		boot_identity
		[ "$follow_boot" = "$boot_identity" ] || return 1
		process_start "$follow_pid"
		[ -n "$process_start" ] && [ "$process_start" = "$follow_start" ]
	elif [ -n "${run_child-}" ]; then
		kill -0 "$run_child" 2>/dev/null
	else
		follow_patience=$((${follow_patience-25} - 1))
		[ "$follow_patience" -gt 0 ]
	fi
}

# run_follow OFFSET: shows the events from there on until the last; run_end is its status.
# A line is taken when it is whole.
run_follow() {
	exec 5>&1 6<"$SPRAY_RUN/events"
	[ "$1" -eq 0 ] || dd bs="$1" count=1 <&6 >/dev/null 2>&1 || complain 'cannot skip to the offset'
	run_end='' follow_part='' follow_dead=false
	while :; do
		# A read that a signal has ended may leave the last line there.
		while follow_line='' && IFS= read -r follow_line <&6; do
			follow_line=$follow_part$follow_line
			follow_part=''
			show "$follow_line"
			case $follow_line in
			"end$spray_tab"*)
				run_end=${follow_line#*"$spray_tab"}
				return 0
				;;
			esac
		done
		follow_part=$follow_part$follow_line
		if [ "$follow_dead" = true ]; then break; fi
		if run_alive; then
			follow_sleep
		else
			follow_dead=true # what it wrote last is still to be read
		fi
	done
	if [ -r "$SPRAY_RUN/refused" ]; then
		read -r follow_line <"$SPRAY_RUN/refused" || :
		complain "${follow_line#* }" "${follow_line%% *}"
	fi
	run_end=lost
	show "end${spray_tab}lost"
}

# follow_sleep: until there may be more. The end of a worker that was started here ends it
# at once (SIGCHLD ends `wait`), and who reads the events does not wait for the end of the
# sleep, which has none of our channels. It is short at first, when there is most to show;
# fractions are not in POSIX.
follow_sleep() {
	if [ -z "${run_child-}" ]; then
		sleep 0.3 2>/dev/null || sleep 1
		return
	fi
	(exec sleep "${follow_pause-0.3}" 2>/dev/null || exec sleep 1) >/dev/null 2>&1 5>&- 6<&- &
	wait "$!" || :
	follow_pause=1
}

# show LINE: an event for who is looking: as it is for programs, in words for people.
show() {
	case $SPRAY_SHOW in
	raw)
		printf '%s\n' "$1" >&5
		return 0
		;;
	esac
	case $1 in
	"setting$spray_tab"*)
		follow_setting "${1#*"$spray_tab"}" >&5
		return 0
		;;
	"certificate$spray_tab"*)
		follow_certificate "${1#*"$spray_tab"}" >&5
		return 0
		;;
	"status$spray_tab"*)
		follow_status "${1#*"$spray_tab"}" >&5
		return 0
		;;
	esac
	IFS=$spray_tab
	set -f
	# shellcheck disable=SC2086 # the fields; none but the last may be empty
	set -- $1
	set +f
	IFS=" $spray_tab$spray_nl"
	case $1:${3-} in
	step:begin) ;;
	step:*)
		printf '%-8s %s\n' "$3" "$2" >&5
		[ "$3" != failed ] || printf '         the log is %s\n' "$SPRAY_RUN/log" >&5
		;;
	res:*)
		if [ "$5" != ok ] && [ "$5" != skipped ]; then
			printf '%-8s %s: %s %s: %s\n' "$5" "$2" "$3" "$4" "${7-}" >&5
			[ "$5" != failed ] || printf '         at %s\n' "$6" >&5
		fi
		;;
	verify:*)
		printf '%-8s %s: verify: %s\n' "$3" "$2" "${5-}" >&5
		[ "$3" != failed ] || printf '         at %s\n' "$4" >&5
		;;
	reaction:*) [ "$7" != true ] || printf '         interrupts what serves: %s %s: %s\n' "$3" "$4" "$6" >&5 ;;
	diff:*) follow_diff "$5" "$6" "$7" "$8" >&5 ;;
	note:*) printf 'note     %s: %s\n' "$2" "${3-}" >&5 ;;
	warn:*) printf 'warning  %s: %s\n' "$2" "${3-}" >&5 ;;
	orphan:*) printf 'orphan   %s %s: %s %s\n' "$2" "$3" "$4" "${5-}" >&5 ;;
	request:*) printf 'request  %s for %s (%s), its key in %s\n%b\n' "$4" "$5" "$6" "$7" "$8" >&5 ;;
	mark:*) printf 'mark     %s is left from an earlier run\n' "$2" >&5 ;;
	live:*) printf 'live     %s needs the value %s: sh run.sh input %s\n' "$2" "$3" "$3" >&5 ;;
	end:*) printf 'end      %s\n' "$2" >&5 ;;
	esac
}

# follow_setting STEP STATUS SOURCE SETTING WANTED FOUND HOW, with tabs between: of those that
# are not as wanted. A field may be empty.
follow_setting() {
	follow_step=${1%%"$spray_tab"*} follow_rest=${1#*"$spray_tab"}
	case $follow_rest in
	"differs$spray_tab"*) ;;
	*) return 0 ;;
	esac
	follow_rest=${follow_rest#*"$spray_tab"}
	follow_rest=${follow_rest#*"$spray_tab"} # the source, which the line of the check has
	follow_name=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_wanted=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_found=${follow_rest%%"$spray_tab"*}
	printf 'unproven %s: %s is %s, not %s (%s)\n' "$follow_step" "$follow_name" "${follow_found:-not set}" "${follow_wanted:-unset}" "${follow_rest#*"$spray_tab"}"
}

# follow_certificate STEP SOURCE HOW WHAT WHERE NOTE END ..., with tabs between. A field may be
# empty.
follow_certificate() {
	follow_rest=${1#*"$spray_tab"*"$spray_tab"*"$spray_tab"}
	follow_name=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_at=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_note=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_ends=${follow_rest%%"$spray_tab"*}
	printf '%-20s  %s  %s%s\n' "${follow_ends:-not read}" "$follow_name" "$follow_at" "${follow_note:+: $follow_note}"
}

# follow_status STEP SOURCE WHAT WORD HOST TEXT FIX, with tabs between. A field may be empty.
follow_status() {
	follow_rest=${1#*"$spray_tab"*"$spray_tab"}
	follow_name=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_word=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_at=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	follow_text=${follow_rest%%"$spray_tab"*} follow_rest=${follow_rest#*"$spray_tab"}
	printf '%-8s %s%s%s\n' "$follow_word" "$follow_name" "${follow_at:+ of $follow_at}" "${follow_text:+: $follow_text}${follow_rest:+; $follow_rest}"
}

# follow_diff STATUS PATH CUT TEXT
follow_diff() {
	if [ "$1" = withheld ]; then
		printf '         %s is not shown: %s\n' "$2" "$4"
		return 0
	fi
	printf '%s %s\n' --- "$2" +++ 'as in the bundle'
	printf '%b\n' "$4"
	[ "$3" -eq 0 ] || printf '... %s lines more\n' "$3"
	[ "$1" != masked ] || printf '(*** is what others may not read here)\n'
}

run_status_report() {
	if lock_is_live; then
		printf 'running\t%s\n' "$lock_holder"
	else
		printf 'idle\n'
	fi
	for run_folder in "$SPRAY_STATE/runs"/${1:-*}; do
		[ -e "$run_folder/events" ] || continue
		run_last=lost
		while IFS=$spray_tab read -r run_key run_value; do
			[ "$run_key" != end ] || run_last=$run_value
		done <"$run_folder/events"
		SPRAY_RUN=$run_folder
		if [ "$run_last" = lost ] && run_alive; then run_last=running; fi
		printf 'run\t%s\t%s\n' "${run_folder##*/}" "$run_last"
	done
}
