# undo_service: a unit masked, enabled and running as it was before. A unit of ours goes with
# its file (remove.sh).

undo_is_service() {
	service_name=$1
	service_look
	remove_why=gone
	[ "$service_load" != not-found ] || return 1
	! undo_unknown service "$1" || return 1
}

# What did not run before is stopped in its turn, before what it reads is taken away; what
# did is started again last, with what it reads as it was.
undo_do_service() {
	record_value load || :
	case $record_value:$service_load in
	masked:masked) ;;
	masked:*)
		! service_is_up || systemctl stop "$1" || service_complain stop
		systemctl mask "$1" || fail "systemctl mask $1 failed"
		;;
	*:masked) systemctl unmask "$1" || fail "systemctl unmask $1 failed" ;;
	esac
	record_value enabled || :
	case $record_value:$service_file_state in
	enabled*:enabled* | masked:*) ;;
	enabled*:*) systemctl enable "$1" || fail "systemctl enable $1 failed" ;;
	*:enabled*) systemctl disable "$1" || fail "systemctl disable $1 failed" ;;
	esac
	record_value active || :
	case $record_value in
	active | reloading | activating | refreshing)
		remove_why=later remove_late=$1$spray_nl$remove_late
		;;
	*) ! service_is_up || systemctl stop "$1" || service_complain stop ;;
	esac
}

# undo_service_again NAME: it ran before, and runs again with what it had then.
undo_service_again() {
	service_name=$1
	systemctl daemon-reload || fail 'systemctl daemon-reload failed'
	quick_forget
	service_look
	if [ "$service_load" = not-found ]; then return 0; fi
	systemctl restart "$1" || remove_why='it ran before, and cannot be started again'
	unmark "service:$1"
}
