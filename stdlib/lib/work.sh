# work: starting what runs the steps, here or in a session of its own, and how it ends.

# run_carry_out STEP...: run_operation, on this host or about another, to its exit status.
run_carry_out() {
	if [ -n "$run_values" ]; then
		case $run_values in
		/*) ;;
		*) run_values=$run_from/$run_values ;;
		esac
		[ -r "$run_values" ] || complain "there is no file $run_values"
		guard_about "$run_values"
		run_about "$run_values"
	fi
	run_select "$@"
	if [ "$run_operation" = apply ]; then
		run_detach apply "$@"
		SPRAY_EVENTS=$SPRAY_RUN/events
		trap 'run_interrupted' INT TERM
		trap '' HUP
		trap : CHLD
		run_follow 0
		run_leave
	else
		run_here "$run_operation"
	fi
	run_exit "$run_operation"
}

# run_leave: where a reset has left nothing of ours, what we knew of this host goes too: after
# its end, as who follows reads it there.
run_leave() {
	[ ! -e "$SPRAY_RUN/leave" ] || undo_leave
}

# run_here OPERATION: plan and verify, which change nothing. A brief verify does not mind who
# is at work: it only tells.
run_here() {
	run_memory_folders
	SPRAY_RUN=/run/sprayc/runs/$run_id
	if [ -d "$SPRAY_RUN" ]; then rm -rf "$SPRAY_RUN"; fi
	mkdir "$SPRAY_RUN" || complain "cannot create $SPRAY_RUN"
	SPRAY_EVENTS=$SPRAY_RUN/events
	run_note_approvals
	[ "$1$run_brief" = verifytrue ] || lock_take "$run_id" "$1" || complain "$lock_holder is at work here; it says: sh run.sh follow $lock_run" 75
	trap 'lock_release' EXIT
	trap 'exit 130' INT TERM HUP PIPE
	exec 5>&1
	run_work "$1"
	lock_release
	event end "$run_end"
	run_prune /run/sprayc/runs 5
}

# run_detach OPERATION STEP...: apply, in a session of its own.
run_detach() {
	run_state_folders
	run_memory_folders
	SPRAY_RUN=$SPRAY_STATE/runs/$run_id
	mkdir "$SPRAY_RUN" 2>/dev/null || complain "there has been a run $run_id already; it says: sh run.sh follow $run_id"
	if ! { printf '' >"$SPRAY_RUN/events" && printf '%s\n' "$*" >"$SPRAY_RUN/request"; }; then
		complain "cannot write to $SPRAY_RUN: is the disk full?"
	fi
	run_note_approvals
	[ -z "$run_values" ] || cat "$run_values" >"$SPRAY_RUN/about.env" || complain "cannot copy $run_values"
	# shellcheck disable=SC2086 # SPRAY_SH may be two words: busybox ash
	set -- $SPRAY_SH "$SPRAY_BUNDLE/run.sh" work "$run_id" "$SPRAY_HOST" "$SPRAY_TOKEN" "$@"
	if command -v setsid >/dev/null; then
		SPRAY_CLEAN=$$ setsid "$@" </dev/null >>"$SPRAY_RUN/log" 2>&1 &
	else
		SPRAY_CLEAN=$$ "$@" </dev/null >>"$SPRAY_RUN/log" 2>&1 &
	fi
	run_child=$!
}

# run_worker RUN HOST TOKEN OPERATION STEP...: the process that run_detach has started.
run_worker() {
	trap '' HUP
	SPRAY_RUN=$SPRAY_STATE/runs/$1 SPRAY_TOKEN=$3 run_operation=$4
	SPRAY_EVENTS=$SPRAY_RUN/events SPRAY_SHOW=''
	boot_identity
	process_start "$$"
	printf '%s\n' "$$ $process_start $boot_identity" >"$SPRAY_RUN/pid" || exit 1
	run_refusal=$SPRAY_RUN/refused
	lock_take "$1" "$4" || complain "$lock_holder is at work here; it says: sh run.sh follow $lock_run" 75
	trap 'lock_release' EXIT
	trap 'run_ask_stop' TERM INT
	shift 4
	[ ! -e "$SPRAY_RUN/about.env" ] || run_about "$SPRAY_RUN/about.env"
	run_select "$@"
	run_work "$run_operation"
	run_prune "$SPRAY_STATE/runs" 30
	lock_release
	event end "$run_end"
}

# run_exit OPERATION: the exit status for run_end.
run_exit() {
	case $1:$run_end in
	*:ok | *:changed) exit 0 ;;
	plan:differs) exit 2 ;;
	esac
	case $SPRAY_SHOW:$run_end in
	raw:* | *:failed) ;; # what failed has said it
	*) printf 'sprayc: the log is %s\n' "$SPRAY_RUN/log" >&2 ;;
	esac
	exit 1
}

run_interrupted() {
	run_ask_stop
	printf 'sprayc: stopping after the act under way\n' >&2
}

# run_note_approvals: who has approved what is run, beside its events.
run_note_approvals() {
	[ -z "$run_approved" ] || printf '%s' "$run_approved" >"$SPRAY_RUN/approvals" || complain "cannot write to $SPRAY_RUN"
}
