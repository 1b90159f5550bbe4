# verify: what is checked of the outcome, and the settings that the checks have read.

# verify TEXT SOURCE SCRIPT [NAME=VALUE...]: the outcome, not the act. It runs also when
# nothing changed. A plan runs it only where nothing is about to change and where it has
# not succeeded yet with this bundle: so preflight checks speak before anything is done.
# Whether anything is about to change on another host, which a step is about, it cannot tell.
verify() {
	if verify_tells; then return 0; fi
	verify_reports=''
	verify_or_report "$@"
}

# report TEXT SOURCE SCRIPT [NAME=VALUE...]: what is told of this host when that is asked for:
# by verify alone. What it says are events of their own (certificate.sh), so that there is one
# of the check only when it has failed.
report() {
	[ "$SPRAY_MODE" = verify ] || return 0
	verify_reports=certificates
	verify_or_report "$@"
}

# report_status TEXT SOURCE SCRIPT [NAME=VALUE...]: the same of how this host and the cluster
# stand (status.sh).
report_status() {
	[ "$SPRAY_MODE" = verify ] || return 0
	verify_reports=status
	verify_or_report "$@"
}

# verify_tells: a brief verify only asks what is reported, as it runs beside others.
verify_tells() { [ "$SPRAY_MODE${run_brief-}" = verifytrue ]; }

verify_or_report() {
	[ -z "$settle_doing" ] || return 0
	settle
	verify_text=$1 verify_source=$2 verify_script=$3
	shift 3
	case $SPRAY_MODE in
	collect) return 0 ;;
	plan)
		if [ "$step_status" = differs ] || [ "$SPRAY_CHANGED" = true ] || [ -n "${SPRAY_ABOUT-}" ] || state_is_verified "$step_name"; then
			return 0
		fi
		;;
	esac
	res_kind=verify res_name=$verify_text res_source=$verify_source
	for verify_arg in "$@"; do need_live "${verify_arg#*=}"; done
	script_run "$verify_script" '' "$@"
	res_kind=''
	if [ "$verify_reports" = status ]; then
		status_tell
		return 0
	fi
	if [ "$script_status" -eq 0 ] && [ "$verdict_word" = ok ]; then
		verify_settings differs
		[ -n "$verify_reports" ] || event verify "$step_name" ok "$verify_source" "$verify_text"
		step_verified=true
		return 0
	fi
	verify_why=$verdict_text${verdict_text:+${script_why:+; }}$script_why
	[ -n "$verify_why" ] || verify_why="exit status $script_status; the log says more"
	if verify_is_rehearsed; then
		verify_settings standin
		event verify "$step_name" standin "$verify_source" "$verify_text: $verify_why"
		return 0
	fi
	verify_settings differs
	# The others are asked too, so that a person sees all that is wrong at once; then the
	# step ends as failed.
	event verify "$step_name" failed "$verify_source" "$verify_text: $verify_why"
	step_failed=true
}

# verify_settings STATUS: an event for each setting and certificate that the script has found;
# STATUS is that of settings that are not as wanted. The script has escaped their fields.
verify_settings() {
	[ -s "$script_file.found" ] || return 0
	verify_found=$(cat "$script_file.found") || fail "cannot read $script_file.found" # not read, which takes byte after byte
	escape "$step_name"
	verify_step=$escaped
	escape "$verify_source"
	verify_from=$escaped
	IFS=$spray_nl
	set -f
	for verify_line in $verify_found; do
		event_line=$spray_tab$verify_from$spray_tab${verify_line#*"$spray_tab"}
		case $verify_line in
		"ok$spray_tab"*) event_line=setting$spray_tab$verify_step${spray_tab}ok$event_line ;;
		"certificate$spray_tab"*) event_line=certificate$spray_tab$verify_step$event_line ;;
		"request$spray_tab"*) event_line=request$spray_tab$verify_step$event_line ;;
		"version$spray_tab"*) event_line=version$spray_tab$verify_step$event_line ;;
		*) event_line=setting$spray_tab$verify_step$spray_tab$1$event_line ;;
		esac
		event_write
	done
	set +f
	IFS=" $spray_tab$spray_nl"
}

# verify_is_rehearsed: in a rehearsal something else may have stood in for what the step's
# resources need: a line KIND<TAB>NAME, or the name of a command.
verify_is_rehearsed() {
	[ -r /run/sprayc-rehearsal/stand-ins ] || return 1
	while IFS= read -r verify_line || [ -n "$verify_line" ]; do
		case $verify_line in
		'') ;;
		*"$spray_tab"*)
			case $step_resources in
			*"$spray_nl$verify_line$spray_nl"*) return 0 ;;
			esac
			;;
		systemctl)
			case $step_resources in
			*"${spray_nl}service$spray_tab"*) return 0 ;;
			esac
			;;
		*) return 0 ;;
		esac
	done </run/sprayc-rehearsal/stand-ins
	return 1
}

# found SETTING WANTED FOUND HOW [FIX]: a setting as a verify script has read it, for the
# receipt: what is wanted, what was found ('' for what is not set), and how that was read, for
# people. Another than wanted is as differs; the script goes on. No value that may be a secret
# is given: then WANTED is `as in FILE` and FOUND `another`.
found() {
	found_status=ok
	if [ "$2" != "$3" ]; then found_status=differs; fi
	if [ -n "$script_verdicts" ]; then
		found_line=$found_status
		for found_field in "$1" "$2" "$3" "$4"; do
			escape "$found_field"
			found_line=$found_line$spray_tab$escaped
		done
		printf '%s\n' "$found_line" >>"$script_verdicts.found" || exit 1
	fi
	if [ "$found_status" = ok ]; then
		[ -n "$script_verdicts" ] || ok
		return 0
	fi
	found_is=$3
	[ -n "$3" ] || found_is='not set'
	differs "$1 is $found_is, not ${2:-unset} ($4)${5:+; $5}"
}
