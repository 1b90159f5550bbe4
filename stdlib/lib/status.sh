# status: what a verify script that reports the status says: how a host stands, or the cluster
# as it is seen from here, for who asks all of them at once.

# status WORD HOST TEXT [FIX]: HOST is the one that it is about, or nothing for the cluster;
# WORD is ok, warn (well, and it will not stay so) or bad; FIX says what to do. What it is of,
# such as node, is the text of the verify block.
status() {
	case $1 in
	ok | warn | bad) ;;
	*) fail "status takes ok, warn or bad, not $1" ;;
	esac
	[ -n "$script_verdicts" ] || return 0
	status_fields=status
	for status_field in "$1" "$2" "$3" "${4-}"; do
		escape "$status_field"
		status_fields=$status_fields$spray_tab$escaped
	done
	printf '%s\n' "$status_fields" >>"$script_verdicts.found" || exit 1
}

# status_tell: an event for each line that the script has said. One that has said none is a
# check of this host: it stands well, or as the check has found; blocked says that it cannot be
# asked, and that another tells why. It fails nothing.
status_tell() {
	status_lines=''
	[ ! -s "$script_file.found" ] || status_lines=$(cat "$script_file.found") || fail "cannot read $script_file.found"
	escape "$step_name"
	status_head=status$spray_tab$escaped
	escape "$verify_source"
	status_head=$status_head$spray_tab$escaped
	escape "$verify_text"
	status_what=$escaped status_said=false
	IFS=$spray_nl
	set -f
	for status_line in $status_lines; do
		case $status_line in
		"status$spray_tab"*) ;;
		*) continue ;; # a setting: who asks for the status gets the verdict
		esac
		status_said=true
		event_line=$status_head$spray_tab$status_what$spray_tab${status_line#*"$spray_tab"}
		event_write
	done
	set +f
	IFS=" $spray_tab$spray_nl"
	if [ "$script_status" -eq 0 ] && [ "$verdict_word" = blocked ]; then
		return 0
	elif [ "$script_status" -ne 0 ] || [ "$verdict_word" != ok ]; then
		status_why=$verdict_text${verdict_text:+${script_why:+; }}$script_why
		event status "$step_name" "$verify_source" "$verify_text" bad "$SPRAY_HOST" "${status_why:-exit status $script_status; the log says more}" ''
	elif [ "$status_said" = false ]; then
		event status "$step_name" "$verify_source" "$verify_text" ok "$SPRAY_HOST" '' ''
	fi
}
