# remove: what we own and the bundle no longer has is removed, if it still is as we left it;
# else it is reported. Removal has a file of its own, which every bundle has, as a kind whose
# last resource has left the bundle is not there any more. A kind that removes otherwise has
# a function KIND_remove NAME DIGEST in its own file.

# run_orphans: what we own and the bundle no longer has; in a subshell, as a step.
run_orphans() {
	[ -r "$SPRAY_STATE/owned" ] || return 0
	run_code=0
	set +e
	(
		set -eu
		step_name=orphans step_reported=false step_verified=false res_kind='' step_status=ok
		trap 'step_exit $?' EXIT
		trap 'run_ask_stop' TERM INT
		[ "$quick_stale" = false ] || quick_forget
		remove_orphans
	) </dev/null >>"$SPRAY_RUN/log" 2>&1
	run_code=$?
	set -e
	case $run_code in
	0) run_status=ok ;;
	10) run_status=changed ;;
	11) run_status=differs ;;
	*) run_status=failed ;;
	esac
	run_took
}

# remove_orphans: from the last that was made to the first.
remove_orphans() {
	remove_list=''
	remove_seen=$spray_nl
	text_of "$SPRAY_STATE/owned" || fail "cannot read $SPRAY_STATE/owned"
	IFS=$spray_nl
	set -f
	for remove_line in $text_of; do
		case $remove_line in
		*"$spray_tab"*"$spray_tab"*) ;;
		*) continue ;; # torn by a kill
		esac
		remove_name=${remove_line#*"$spray_tab"}
		remove_digest=${remove_name#*"$spray_tab"}
		remove_name=${remove_line%%"$spray_tab"*}$spray_tab${remove_name%%"$spray_tab"*}
		remove_digest=${remove_digest%%"$spray_tab"*}
		case $quick_declared in
		*"$spray_nl$remove_name$spray_nl"*) continue ;;
		esac
		remove_list=$remove_name$spray_tab${remove_digest:--}$spray_nl$remove_list
	done
	set +f
	IFS=" $spray_tab$spray_nl"
	while [ -n "$remove_list" ]; do
		remove_line=${remove_list%%"$spray_nl"*}
		remove_list=${remove_list#*"$spray_nl"}
		remove_digest=${remove_line##*"$spray_tab"}
		remove_line=${remove_line%"$spray_tab"*}
		case $remove_seen in
		*"$spray_nl$remove_line$spray_nl"*) continue ;;
		esac
		remove_seen=$remove_seen$remove_line$spray_nl
		if [ "$remove_digest" != removed ]; then
			remove_one "${remove_line%%"$spray_tab"*}" "${remove_line#*"$spray_tab"}" "$remove_digest"
		fi
	done
	step_end
}

# remove_one KIND NAME DIGEST. A name with an escape in it was never made by a kind that can
# be removed.
remove_one() {
	remove_why=''
	if command -v "remove_is_$1" >/dev/null; then
		"remove_is_$1" "$2" "$3" || {
			[ "$remove_why" != gone ] || remove_record "$1" "$2"
			[ "$remove_why" = gone ] || event orphan "$1" "$2" kept "$remove_why"
			return 0
		}
	elif ! command -v "$1_remove" >/dev/null; then
		return 0 # packages, users and what an exec did stay
	fi
	case $2 in
	/*)
		put_safe "$2" || {
			event orphan "$1" "$2" kept "$put_why"
			return 0
		}
		;;
	esac
	if [ "$SPRAY_MODE" = plan ]; then
		step_status=differs
		event orphan "$1" "$2" will 'no longer in the bundle'
		return 0
	fi
	if [ -e "$SPRAY_RUN/stop" ]; then exit 13; fi
	if command -v "remove_is_$1" >/dev/null; then
		"remove_$1" "$2" "$3"
	else
		"$1_remove" "$2" "$3"
	fi
	remove_record "$1" "$2"
	step_status=changed
	event orphan "$1" "$2" removed 'no longer in the bundle'
}

remove_record() {
	if [ "$SPRAY_MODE" = apply ]; then
		printf '%s\t%s\t%s\t%s\n' "$1" "$2" removed "$step_name" >>"$SPRAY_STATE/owned" || fail "cannot write $SPRAY_STATE/owned"
	fi
}

# remove_restore PATH: the original comes back; else nothing is left there.
remove_restore() {
	state_name "$1"
	remove_kept=$SPRAY_STATE/before/$state_name
	if [ -e "$remove_kept" ] || [ -h "$remove_kept" ]; then
		put_temporary "$1"
		rm -f "$put_tmp" || fail "cannot write beside $1"
		if ! { cp -pP "$remove_kept" "$put_tmp" && put_rename "$put_tmp" "$1"; }; then
			fail "cannot put the original of $1 back"
		fi
		rm -f "$remove_kept" || fail "cannot remove $remove_kept"
	else
		rm -f "$1" "$remove_kept.none" || fail "cannot remove $1"
	fi
}

# remove_is_KIND NAME DIGEST: it still is as we left it; else remove_why.

remove_is_file() {
	if [ ! -e "$1" ] && [ ! -h "$1" ]; then
		remove_why=gone
		return 1
	fi
	if [ -h "$1" ] || [ ! -f "$1" ]; then
		remove_why='it is no longer a file'
		return 1
	fi
	sha256_of "$1"
	[ "$sha256_of" != "$2" ] || return 0
	remove_why='it was changed since we wrote it'
	if remove_was_restored "$1"; then remove_why=gone; fi
	return 1
}

# remove_was_restored PATH: a run was killed after it had put the original back; what is left
# to do is to forget it.
remove_was_restored() {
	remove_now=$sha256_of
	state_name "$1"
	remove_kept=$SPRAY_STATE/before/$state_name
	[ -f "$remove_kept" ] && [ ! -h "$remove_kept" ] || return 1
	sha256_of "$remove_kept"
	[ "$sha256_of" = "$remove_now" ] || return 1
	[ "$SPRAY_MODE" != apply ] || rm -f "$remove_kept" || fail "cannot remove $remove_kept"
}

remove_file() {
	case $1 in
	/etc/systemd/system/*) remove_unit "$1" ;;
	*) remove_restore "$1" ;;
	esac
}

# remove_unit FILE: a unit or a drop-in. The service is stopped before its file goes; systemd
# forgets it then.
remove_unit() {
	remove_name=${1#/etc/systemd/system/}
	mark daemon-reload
	case $remove_name in
	*.d/*) note "${remove_name%%.d/*} has read $1 and is not restarted" ;;
	*)
		systemctl disable --now "$remove_name" || note "systemctl disable --now $remove_name failed"
		unmark "service:$remove_name"
		;;
	esac
	remove_restore "$1"
	rmdir "${1%/*}" 2>/dev/null || : # a .d folder that others use stays
	systemctl daemon-reload || fail 'systemctl daemon-reload failed'
	unmark daemon-reload
}

remove_is_directory() {
	if [ ! -e "$1" ]; then
		remove_why=gone
		return 1
	fi
	for remove_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		if [ -e "$remove_entry" ] || [ -h "$remove_entry" ]; then
			remove_why='it is not empty'
			return 1
		fi
	done
}

remove_directory() { rmdir "$1" || fail "cannot remove $1"; }

remove_is_symlink() {
	if [ ! -e "$1" ] && [ ! -h "$1" ]; then
		remove_why=gone
		return 1
	fi
	[ -h "$1" ] || {
		remove_why='it is no longer a symbolic link'
		return 1
	}
	remove_target=$(readlink "$1") || remove_target=''
	[ "$remove_target" = "$2" ] || {
		remove_why="it points to $remove_target now"
		return 1
	}
}

remove_symlink() { remove_restore "$1"; }

# A line of ours in /etc/hosts; its digest is the names. No kind's file may be there any
# more, so this reads it by itself.
remove_is_hosts_entry() {
	[ -r /etc/hosts ] || {
		remove_why=gone
		return 1
	}
	while IFS= read -r remove_line_now || [ -n "$remove_line_now" ]; do
		[ "$remove_line_now" != "$1 $2 # sprayc" ] || return 0
	done </etc/hosts
	remove_why=gone
	return 1
}

remove_hosts_entry() {
	remove_text='' remove_skip="$1 $2 # sprayc"
	while IFS= read -r remove_line_now || [ -n "$remove_line_now" ]; do
		[ "$remove_line_now" = "$remove_skip" ] || remove_text=$remove_text$remove_line_now$spray_nl
	done </etc/hosts
	put /etc/hosts root root 0644 remove_print
}

remove_print() { printf '%s' "$remove_text"; }
