# times: how long steps took here when they changed something, for a plan's estimate. What
# the clock says is read without a process. Losing these costs only the estimate.
#
# A step's file in /var/lib/sprayc/times has one line: its last five times, the newest first,
# in tenths of a second. Before them may be +N: it was begun, took so long, and waits for its
# turn or for a value; what the rest of it takes is added to that.

# times_now: times_now is the time since the boot, empty when it cannot be told.
times_now() {
	times_now=''
	[ -r /proc/uptime ] && read -r times_clock times_rest </proc/uptime || return 0
	times_rest=${times_clock#*.}
	times_now=${times_clock%%.*}
	times_now=${times_now#0}${times_rest%"${times_rest#?}"} # 0.5 is 5: 05 would be octal
	case $times_now in
	'' | *[!0-9]*) times_now='' ;;
	esac
}

# times_begin, times_end STEP STATUS: around a step of an apply. One that the host was
# restarted in has no time.
times_begin() {
	[ "$SPRAY_MODE" != apply ] || times_now
	times_began=${times_now-}
}

times_end() {
	case $SPRAY_MODE:$2 in
	apply:changed) times_most=4 ;;
	apply:held | apply:interrupted) times_most=5 ;;
	*) return 0 ;;
	esac
	times_now
	if [ -z "$times_began" ] || [ -z "$times_now" ] || [ ! -d "$SPRAY_STATE/times" ]; then return 0; fi
	times_spent=$((times_now - times_began))
	[ "$times_spent" -ge 0 ] || return 0
	state_name "$1"
	times_file=$SPRAY_STATE/times/$state_name
	times_read
	times_spent=$((times_spent + times_part))
	[ "$2" = changed ] || times_spent=+$times_spent
	# A step does not fail because this cannot be written.
	printf '%s\n' "$times_spent$times_list" >"$times_file" || :
}

# times_read: times_list is what times_file has, times_most at most, a space before each;
# times_part is what was spent on a step that is not done.
times_read() {
	times_line='' times_list='' times_part=0
	[ ! -r "$times_file" ] || read -r times_line <"$times_file" || :
	case $times_line in # anything else counts as none, also what is more than 115 days
	*[!0-9+\ ]* | ?*+* | +0[0-9]* | +\ * | *[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*) times_line='' ;;
	esac
	# shellcheck disable=SC2086 # the numbers
	set -- $times_line
	case ${1-} in
	+*)
		times_part=${1#+}
		shift
		;;
	esac
	: "${times_part:=0}"
	while [ "$#" -gt 0 ] && [ "$times_most" -gt 0 ]; do
		times_list="$times_list $1"
		times_most=$((times_most - 1))
		shift
	done
}

# times_tell: what is known here of any step, for a plan; of steps about another host, of
# these.
times_tell() {
	for times_file in "$SPRAY_STATE/times"/*; do
		[ -f "$times_file" ] || continue
		times_most=5
		times_read
		times_step=${times_file##*/}
		times_step=${times_step%%"%"*}/${times_step#*"%"}
		case $SPRAY_ABOUT$spray_nl$run_steps in
		"$spray_nl"* | *"$spray_nl$times_step$spray_tab"*) ;;
		*) continue ;;
		esac
		[ -z "$times_list" ] || event times "$times_step" "${times_list# }"
	done
}
