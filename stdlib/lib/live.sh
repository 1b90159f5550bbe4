# live: values that are known only while running, taken in and made.

# What was handed over is for the next run only: it is moved away from where the next is
# put, and what a killed run has left there is removed.
live_take() {
	SPRAY_IN=/run/sprayc/taken
	[ ! -d "$SPRAY_IN" ] || rm -rf "$SPRAY_IN" || complain "cannot remove $SPRAY_IN"
	set -- /run/sprayc/in/*
	[ -e "$1" ] || {
		live_forget
		return 0
	}
	# Somebody may be handing over a value, and make the folder first.
	if ! { mv /run/sprayc/in "$SPRAY_IN" && mkdir -p /run/sprayc/in; }; then complain 'cannot move /run/sprayc/in'; fi
}

# live_used STEP: a value goes as soon as no further step reads it.
live_used() {
	[ -d "$SPRAY_IN" ] && [ -r "${SPRAY_LIST%.steps}.live" ] || return 0
	case $run_status in
	held | interrupted) return 0 ;;
	esac
	while IFS=$spray_tab read -r live_name live_pattern live_steps; do
		[ -e "$SPRAY_IN/$live_name" ] || continue
		case ,$live_steps, in
		*",$1,"*) ;;
		*) continue ;;
		esac
		live_later=$run_rest live_needed=false
		while [ -n "$live_later" ]; do
			case ,$live_steps, in
			*",${live_later%%"$spray_tab"*},"*) live_needed=true ;;
			esac
			live_later=${live_later#*"$spray_nl"}
		done
		[ "$live_needed" = true ] || rm -f "$SPRAY_IN/$live_name" "$SPRAY_STATE/given/$live_name" || note "cannot remove $SPRAY_IN/$live_name"
	done <"${SPRAY_LIST%.steps}.live"
}

# live_done: a run that is held gets its values again when it goes on.
live_done() {
	[ -d "$SPRAY_IN" ] || return 0
	case $run_end in
	held | interrupted)
		for live_path in "$SPRAY_IN"/*; do
			[ ! -e "$live_path" ] || mv -f "$live_path" /run/sprayc/in/ || :
		done
		;;
	*) live_forget ;;
	esac
	rm -rf "$SPRAY_IN" || :
	live_sweep /run/sprayc/.*.spray.*
}

# live_sweep FILE...: those of a killed one.
live_sweep() {
	for live_path in "$@"; do
		if [ -e "$live_path" ] && [ ! -d "/proc/${live_path##*.}" ]; then rm -f "$live_path" || :; fi
	done
}

# live_forget: files that were handed over, which may be too large for memory.
live_forget() {
	live_sweep "$SPRAY_STATE"/given/.*.spray.*
	set -- "$SPRAY_STATE"/given/*
	[ ! -e "$1" ] || rm -f "$@" || complain "cannot remove $*"
}

# live_line NAME FILE: live_found is the rest of NAME's line in a list of the class.
live_line() {
	live_found='' live_name=$1
	while :; do
		case $live_name in
		*/*) live_name=${live_name%%/*}.${live_name#*/} ;;
		*) break ;;
		esac
	done
	[ -r "$2" ] || return 1
	while IFS=$spray_tab read -r live_key live_found; do
		[ "$live_key" != "$live_name" ] || return 0
	done <"$2"
	return 1
}

run_input() {
	live_line "$1" "${SPRAY_LIST%.steps}.live" || complain "no step of $SPRAY_HOST reads a value named $1"
	live_pattern=${live_found%%"$spray_tab"*}
	run_memory_folders
	live_tmp=/run/sprayc/.$live_name.spray.$$ # not in the folder, which a run that begins moves away
	live_file=$SPRAY_STATE/given/$live_name live_new=$SPRAY_STATE/given/.$live_name.spray.$$
	trap 'rm -f "$live_tmp" "$live_new"' EXIT
	case $live_pattern in
	+file) # of any size: on the disk, and a link to it
		{ mkdir -p "$SPRAY_STATE/given" && chmod 0700 "$SPRAY_STATE/given" && cat >"$live_new" && mv -f "$live_new" "$live_file" && ln -s "$live_file" "$live_tmp"; } ||
			complain 'cannot keep it: is the disk full?'
		;;
	-) cat >"$live_tmp" || complain 'cannot keep it' ;;
	*)
		cat >"$live_tmp" || complain 'cannot keep it'
		live_value=$(cat "$live_tmp") || complain 'cannot read it again'
		live_matches "$live_value" "$live_pattern" || complain "what was given for $1 is not as it should be: $live_pattern"
		printf '%s' "$live_value" >"$live_tmp" || complain 'cannot keep it'
		;;
	esac
	mv -f "$live_tmp" "/run/sprayc/in/$live_name" 2>/dev/null ||
		{ run_memory_folders && mv -f "$live_tmp" "/run/sprayc/in/$live_name"; } || complain 'cannot keep it'
}

# live_matches VALUE PATTERN: one line, all of which matches.
live_matches() {
	case $1 in
	*"$spray_nl"*) return 1 ;;
	esac
	printf '%s\n' "$1" | grep -Eqx -e "$2"
}

# run_output NAME make|revoke
run_output() {
	live_line "$1" "${SPRAY_LIST%.steps}.outputs" || complain "$SPRAY_HOST makes no value named $1"
	run_memory_folders
	SPRAY_MODE=output SPRAY_SHOW='' SPRAY_RUN=/run/sprayc/output.$$ SPRAY_EVENTS=/dev/null output_do=$2
	SPRAY_IN=/run/sprayc/in SPRAY_TOKEN=granted step_name=$1 step_reported=true res_kind='' script_status=0 output_value=''
	mkdir "$SPRAY_RUN" || complain "cannot create $SPRAY_RUN"
	trap 'rm -rf "$SPRAY_RUN"' EXIT
	# shellcheck source=/dev/null
	. "$SPRAY_BUNDLE/$live_found"
	[ "$script_status" -eq 0 ] || complain "$1: ${script_why:-exit status $script_status}"
	[ "$2" = make ] || return 0
	[ -z "$output_pattern" ] || live_matches "$output_value" "$output_pattern" ||
		complain "$1: what its script printed is not as it should be: $output_pattern"
	if [ -n "$output_file" ]; then
		cat "$output_value" || complain "cannot read $output_value"
		return 0
	fi
	printf '%s\n' "$output_value"
}

# output NAME SOURCE [ARG...]: called by the script of an output.
output() {
	output_pattern='' output_script='' output_revoke='' output_file=''
	for output_arg in "$@"; do
		case $output_arg in
		pattern=*) output_pattern=${output_arg#*=} ;;
		script=*) output_script=${output_arg#*=} ;;
		revoke=*) output_revoke=${output_arg#*=} ;;
		file=true) output_file=true ;; # it prints the path of a file, which is the value
		esac
	done
	if [ "$output_do" = make ]; then
		script_capture "$output_script" env. "$@"
		output_value=$script_output
	elif [ -n "$output_revoke" ]; then
		script_run "$output_revoke" revoke_env. "$@"
	else
		complain "$1 cannot be taken back"
	fi
}
