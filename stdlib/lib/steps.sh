# steps: which of them run, one after another, and how each went.

# run_select STEP...: run_steps is what to run, in the list's order; all when none is named.
run_select() {
	run_steps='' SPRAY_NAMED=$spray_nl run_all=true
	for run_step in "$@"; do
		run_all=false
		SPRAY_NAMED=$SPRAY_NAMED$run_step$spray_nl
	done
	run_known=$spray_nl run_list=$SPRAY_LIST
	if [ -n "$SPRAY_ABOUT" ]; then
		[ "$#" -gt 0 ] || complain '--about needs the names of the steps'
		run_list=${SPRAY_LIST%.steps}.about
		[ -r "$run_list" ] || complain "$SPRAY_HOST runs no steps about other hosts"
	fi
	while IFS=$spray_tab read -r run_step run_script run_role; do
		[ -n "$run_step" ] || continue
		run_known=$run_known$run_step$spray_nl
		case $run_all$SPRAY_NAMED in
		true* | *"$spray_nl$run_step$spray_nl"*) run_steps=$run_steps$run_step$spray_tab$run_script$spray_nl ;;
		esac
	done <"$run_list"
	for run_step in "$@"; do
		case $run_known in
		*"$spray_nl$run_step$spray_nl"*) ;;
		*) complain "$SPRAY_HOST has no step $run_step${SPRAY_ABOUT:+ about other hosts}; its steps are in classes/${run_list##*/}" ;;
		esac
	done
}

# run_collect: what the probes of all these steps will ask for. A step that fails here says
# so when its turn comes.
run_collect() {
	SPRAY_MODE=collect collect_out=''
	trap 'printf %s "$collect_out"' EXIT
	run_rest=$run_steps
	while [ -n "$run_rest" ]; do
		run_line=${run_rest%%"$spray_nl"*}
		run_rest=${run_rest#*"$spray_nl"}
		# shellcheck source=/dev/null
		. "$SPRAY_BUNDLE/${run_line#*"$spray_tab"}"
	done
	want_text "$SPRAY_STATE/owned"
	collect_out=${collect_out}end$spray_nl
}

# run_one STEP SCRIPT: in a subshell, so that a step cannot harm the next. run_status is how
# it went.
run_one() {
	times_begin
	set +e
	(
		set -eu
		step_name=$1 step_reported=false res_kind=''
		trap 'step_exit $?' EXIT
		trap 'run_ask_stop' TERM INT
		[ "$quick_stale" = false ] || run_look_again "$1" "$2"
		# shellcheck source=/dev/null
		. "$SPRAY_BUNDLE/$2"
		fail 'its script ended before its end: is it whole?'
	) </dev/null >>"$SPRAY_RUN/log" 2>&1
	run_code=$?
	set -e
	[ ! -e "$SPRAY_RUN/restarting" ] || exit 143 # with the host: the step goes on in the next boot
	case $run_code in
	0) run_status=ok ;;
	10) run_status=changed SPRAY_CHANGED=true ;;
	11) run_status=differs SPRAY_CHANGED=true ;;
	12) run_status=held ;;
	13) run_status=interrupted ;;
	*) run_status=failed ;;
	esac
	times_end "$1" "$run_status"
	case $run_status in
	interrupted) event step "$1" held ;;
	*) event step "$1" "$run_status" ;;
	esac
	case $SPRAY_MODE$run_status in
	planok | verify*) ;;
	apply*) [ "$run_status" = ok ] || quick_stale=true ;;
	esac
}

# run_look_again STEP SCRIPT: steps before this one have changed something, so what was seen
# before them no longer counts: one look for this step.
run_look_again() {
	quick_forget_packages
	run_steps=$1$spray_tab$2$spray_nl
	run_collected=$(run_collect) || :
	quick_look "$run_collected"
}

run_ask_stop() { printf '' >"$SPRAY_RUN/stop" || :; }

# run_work OPERATION: the whole of it, between the first event and the last.
run_work() {
	SPRAY_MODE=$1 SPRAY_CHANGED=false run_end=ok
	SPRAY_IN=/run/sprayc/in
	[ "$1" != apply ] || live_take
	event v 1 "${SPRAY_RUN##*/}" "$SPRAY_HOST" "$SPRAY_DIGEST" "$1"
	[ -n "$SPRAY_ABOUT" ] || run_marks
	case $1${run_brief-} in
	planfalse) times_tell ;;
	esac
	run_collected=$(run_collect 2>>"$SPRAY_RUN/log") || :
	quick_look "$run_collected"
	quick_stale=false
	run_rest=$run_steps
	while [ -n "$run_rest" ]; do
		run_line=${run_rest%%"$spray_nl"*}
		run_rest=${run_rest#*"$spray_nl"}
		if [ -e "$SPRAY_RUN/stop" ]; then
			run_end=interrupted
			break
		fi
		run_one "${run_line%%"$spray_tab"*}" "${run_line#*"$spray_tab"}"
		run_took "${run_line%%"$spray_tab"*}"
		[ "$SPRAY_MODE" != apply ] || live_used "${run_line%%"$spray_tab"*}"
		case $SPRAY_MODE${run_brief-}:$run_end in
		*:held | *:interrupted | apply*:failed | plantrue:failed | plantrue:differs) break ;;
		esac
	done
	if [ "$SPRAY_MODE" != verify ] && [ "$run_all$quick_whole$SPRAY_ROLE" = truetrue ]; then # all of it, and not of one role
		case $SPRAY_OPERATION:$run_end in
		# The bundles of other operations have not all that the host is to have.
		converge:ok | converge:changed | converge:differs | reset:ok | reset:changed | reset:differs) run_orphans ;;
		esac
	fi
	[ -n "$SPRAY_ABOUT" ] || run_tokens
	[ "$SPRAY_MODE" != apply ] || live_done
}

# run_took: the worst of the steps' results is the run's.
run_took() {
	case $run_status:$run_end in
	failed:*) run_end=failed ;;
	held:* | interrupted:*) run_end=$run_status ;;
	changed:ok | differs:ok) run_end=$run_status ;;
	esac
}

run_marks() {
	for run_mark in "$SPRAY_STATE/marks"/*; do
		[ ! -e "$run_mark" ] || event mark "${run_mark##*/}"
	done
}

# run_tokens: what took a token gives it back when a run of it ends well, and only then.
run_tokens() {
	set -- "$SPRAY_STATE/marks"/token:*
	[ -e "$1" ] || return 0
	run_rest=$run_steps
	while [ -n "$run_rest" ]; do
		run_step=${run_rest%%"$spray_tab"*}
		run_rest=${run_rest#*"$spray_nl"}
		state_name "token:$run_step"
		[ -e "$SPRAY_STATE/marks/$state_name" ] || continue
		case $SPRAY_MODE:$run_end in
		apply:ok | apply:changed) rm -f "$SPRAY_STATE/marks/$state_name" || complain "cannot remove $SPRAY_STATE/marks/$state_name" ;;
		plan:ok)
			run_end=differs
			event note "$run_step" 'interrupted what serves in a run that did not end well; one that does is needed'
			;;
		esac
	done
}
