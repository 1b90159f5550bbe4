# script: a module's own scripts (the probe, act and ready of an exec, verify, outputs).
# Each is sourced in a subshell with its values as environment variables and the verbs ok,
# differs, found, status, certificate, served, certificate_days, certificate_shown, certificate_by,
# certificate_ids, public_key_ids, request, blocked, absent, partial, present, fail, note, warn,
# replaces, api_answers, needs_api, objects_same, objects_note, version, version_tag and
# version_tell. What it prints goes to the log.

script_verdicts='' # the file that verbs write to; empty outside of a script

# script_run SCRIPT PREFIX [PREFIXNAME=VALUE...]: script_status is its exit status,
# script_why what it called fail with; verdict_* are set as by a kind's probe. Arguments
# that do not begin with PREFIX are not for it.
script_run() {
	script_path=$1 script_prefix=$2
	shift 2
	script_write
	set +e
	(
		trap - EXIT
		set -eu
		script_verdicts=$script_file
		script_begin "$@"
		# shellcheck source=/dev/null
		. "$script_path"
	) >&2
	script_status=$?
	set -e
	script_read
}

# script_write: script_file, where nothing has been said yet; and beside it what was found.
script_write() {
	script_file=$SPRAY_RUN/verdicts
	printf '' >"$script_file" || fail "cannot write $script_file"
	[ ! -s "$script_file.found" ] || printf '' >"$script_file.found" || fail "cannot write $script_file.found"
}

# script_read: what the script said with its verbs.
script_read() {
	verdict_said=false verdict_word=ok verdict_text='' verdict_once='' script_why=''
	while IFS=$spray_tab read -r script_word script_text; do
		unpack "$script_text"
		case $script_word in
		fail) script_why=$unpacked ;;
		*) verdict "$script_word" "$unpacked" ;;
		esac
	done <"$script_file"
	[ ! -s "$script_file.found" ] || verdict_said=true
	# A script whose words could not be written says nothing.
	[ "$script_status" -eq 0 ] || [ -n "$script_why" ] || printf '\n' >"$script_file" ||
		script_why="cannot write $script_file: is the disk full?"
}

# script_begin [PREFIXNAME=VALUE...]: exports the values, and leaves the script no
# positional parameters.
script_begin() {
	for script_arg in "$@"; do
		case $script_arg in
		"$script_prefix"*) export "${script_arg#"$script_prefix"}" ;;
		esac
	done
	umask 022 # what a script creates is for the commands that it runs
}

# script_capture SCRIPT PREFIX [PREFIXNAME=VALUE...]: as script_run, for a script whose
# standard output is a value: script_output.
script_capture() {
	script_path=$1 script_prefix=$2
	shift 2
	script_write
	set +e
	script_output=$(
		trap - EXIT
		set -eu
		script_verdicts=$script_file
		script_begin "$@"
		# shellcheck source=/dev/null
		. "$script_path"
	)
	script_status=$?
	set -e
	script_read
}
