# remove: what we own and the bundle no longer has is removed, if it still is as we left it;
# else it is reported. Removal has a file of its own, which every bundle has, as a kind whose
# last resource has left the bundle is not there any more. In a bundle for reset, which has
# nothing that a host is to have, all that we own goes: for the kinds that are not like a file
# undo.sh and its like have the functions, which only such a bundle has.

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
	remove_list='' remove_folders='' remove_late='' remove_kept=0 remove_keepers=' ' remove_gone=$spray_nl
	remove_seen=$spray_nl remove_text='no longer in the bundle'
	[ "${SPRAY_OPERATION-}" != reset ] || remove_text='all that is ours goes'
	text_of "$SPRAY_STATE/owned" || fail "cannot read $SPRAY_STATE/owned"
	remove_owned=$spray_nl$text_of$spray_nl
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
		case $remove_digest:$remove_line in
		removed:*) continue ;;
		*:folder"$spray_tab"*) # made on the way to something
			remove_folders=$remove_folders${remove_line#*"$spray_tab"}$spray_nl
			continue
			;;
		esac
		remove_one "${remove_line%%"$spray_tab"*}" "${remove_line#*"$spray_tab"}" "$remove_digest"
	done
	[ "${SPRAY_OPERATION-}" != reset ] || undo_rest
	step_end
}

# remove_one KIND NAME DIGEST. A name with an escape in it was never made by a kind that can
# be removed.
remove_one() {
	remove_why='' remove_is=remove_is_$1 remove_do=remove_$1
	if ! command -v "$remove_is" >/dev/null; then
		# Packages, users and what an exec did stay; what undoes an exec are steps of its module.
		[ "${SPRAY_OPERATION-}" = reset ] || return 0
		remove_is=undo_is_$1 remove_do=undo_do_$1
		command -v "$remove_is" >/dev/null || {
			remove_record "$1" "$2"
			return 0
		}
	fi
	"$remove_is" "$2" "$3" || {
		[ "${SPRAY_OPERATION-}:$remove_why" != reset:gone ] || remove_is_missed "$2"
		if [ "$remove_why" = gone ]; then remove_record "$1" "$2"; else remove_keep "$1" "$2"; fi
		return 0
	}
	case $1:$2 in
	mount:*) ;;
	*:/*)
		put_safe "$2" || {
			remove_why=$put_why
			remove_keep "$1" "$2"
			return 0
		}
		;;
	esac
	if [ "$SPRAY_MODE" = plan ]; then
		step_status=differs
		remove_foresee "$1" "$2"
		event orphan "$1" "$2" will "$remove_text"
		return 0
	fi
	if [ -e "$SPRAY_RUN/stop" ]; then exit 13; fi
	remove_why=''
	"$remove_do" "$2" "$3"
	quick_forget
	remove_done "$1" "$2"
}

# remove_foresee KIND NAME: what a plan counts as gone.
remove_foresee() {
	case $1:$2 in
	archive:*)
		archive_locate "$2"
		archive_read
		archive_rest=$archive_files
		while [ -n "$archive_rest" ]; do
			archive_next_file
			remove_gone=$remove_gone$2/$archive_member$spray_nl
		done
		archive_rest=$archive_links
		while [ -n "$archive_rest" ]; do
			archive_next_link
			remove_gone=$remove_gone$2/$archive_member$spray_nl
		done
		;;
	*:/*) remove_gone=$remove_gone$2$spray_nl ;;
	*) remove_gone="$remove_gone$1 $2$spray_nl" ;;
	esac
}

# remove_done KIND NAME: unless what removes has found that it stays, or comes last (service).
remove_done() {
	case $remove_why in
	'') ;;
	later) return 0 ;;
	*)
		remove_keep "$1" "$2"
		return 0
		;;
	esac
	remove_record "$1" "$2"
	step_status=changed
	event orphan "$1" "$2" removed "$remove_text"
}

# remove_keep KIND NAME: it stays. To whom it belongs stays too. A plan cannot tell what the
# steps of a reset will have taken away by then.
remove_keep() {
	case ${SPRAY_OPERATION-}:$SPRAY_MODE:${run_end-} in
	reset:plan:differs) remove_why="$remove_why, before the steps" ;;
	esac
	remove_kept=$((remove_kept + 1))
	case $2 in
	/*)
		[ ! -e "$2" ] || {
			stat_of "$2"
			remove_keepers="$remove_keepers$stat_of "
		}
		;;
	esac
	event orphan "$1" "$2" kept "$remove_why"
}

remove_record() {
	[ "$SPRAY_MODE" = apply ] || return 0
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" removed "$step_name" >>"$SPRAY_STATE/owned" || fail "cannot write $SPRAY_STATE/owned"
	state_name "$1:$2"
	[ ! -e "$SPRAY_STATE/before/$state_name" ] || rm -f "$SPRAY_STATE/before/$state_name" || fail "cannot remove $SPRAY_STATE/before/$state_name"
}

# remove_left KIND NAME DIGEST: we have left it so at some time: before a run that was killed
# between, or before another version.
remove_left() {
	case $remove_owned in
	*"$spray_nl$1$spray_tab$2$spray_tab$3$spray_tab"*) return 0 ;;
	esac
	return 1
}

# remove_restore PATH: the original comes back; else nothing is left there.
remove_restore() {
	if remove_has_original "$1"; then
		put_temporary "$1"
		rm -f "$put_tmp" || fail "cannot write beside $1"
		if ! { cp -pP "$remove_before" "$put_tmp" && { put_rename "$put_tmp" "$1" || put_over_mount "$1"; }; }; then
			fail "cannot put the original of $1 back"
		fi
		rm -f "$remove_before" || fail "cannot remove $remove_before"
	else
		rm -f "$1" "$remove_before.none" || fail "cannot remove $1"
	fi
}

# remove_is_KIND NAME DIGEST: it still is as we left it; else remove_why.

remove_is_file() {
	if [ ! -e "$1" ] && [ ! -h "$1" ]; then
		remove_why=gone
		return 1
	fi
	remove_why='it is no longer a file'
	if [ ! -h "$1" ] && [ -f "$1" ]; then
		sha256_of "$1"
		[ "$sha256_of" != "$2" ] || return 0
		! remove_left file "$1" "$sha256_of" || return 0
		remove_why='it was changed since we wrote it'
	fi
	if remove_is_original "$1"; then remove_why=gone; fi
	return 1
}

# remove_is_original PATH: a run was killed before it replaced the file or link, or after it had
# put the original back; what is left to do is to forget it.
remove_is_original() {
	if ! remove_has_original "$1"; then
		[ ! -e "$remove_before.none" ]
		return
	fi
	if [ -h "$1" ] || [ -h "$remove_before" ]; then
		[ -h "$1" ] && [ -h "$remove_before" ] || return 1
		remove_now=$(readlink "$1") && remove_was=$(readlink "$remove_before") || return 1
	else
		[ -f "$1" ] && [ -f "$remove_before" ] || return 1
		sha256_of "$1"
		remove_now=$sha256_of
		sha256_of "$remove_before"
		remove_was=$sha256_of
	fi
	[ "$remove_now" = "$remove_was" ] || return 1
	[ "$SPRAY_MODE" != apply ] || rm -f "$remove_before" || fail "cannot remove $remove_before"
}

# remove_has_original PATH: remove_before is what was there before.
remove_has_original() {
	state_name "$1"
	remove_before=$SPRAY_STATE/before/$state_name
	[ -e "$remove_before" ] || [ -h "$remove_before" ]
}

# remove_is_missed NAME: somebody has removed what was ours, and an original is kept, which a
# reset must not throw away.
remove_is_missed() {
	case $1 in
	/*) ;;
	*) return 0 ;;
	esac
	if [ -e "$1" ] || [ -h "$1" ] || ! remove_has_original "$1"; then return 0; fi
	remove_why="it was removed since; what was there before is $remove_before"
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
	*.d/*)
		[ "${SPRAY_OPERATION-}" = reset ] || # there the service comes last
			note "${remove_name%%.d/*} has read $1 and is not restarted"
		;;
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
	if record_of directory "$1" && record_value was; then
		remove_was=$record_value
		stat_of "$1"
		[ "${SPRAY_OPERATION-}:$2" != reset:contents ] || ! record_value empty || remove_is_empty "$1" || return 0
		remove_why=gone
		[ "$stat_of" != "$remove_was" ]
		return
	fi
	[ "${SPRAY_OPERATION-}:$2" != reset:contents ] || {
		undo_is_free "$1"
		return
	}
	remove_why='it is not empty'
	remove_is_empty "$1"
}

remove_is_empty() {
	for remove_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		case $remove_entry in
		*/lost+found) continue ;; # of a file system
		esac
		case $remove_gone in
		*"$spray_nl$remove_entry$spray_nl"*) continue ;;
		*"$spray_nl$remove_entry/"*) ! remove_is_empty "$remove_entry" || continue ;;
		esac
		if [ -e "$remove_entry" ] || [ -h "$remove_entry" ]; then return 1; fi
	done
}

# remove_directory PATH DIGEST: one that was there has its owner and mode of before.
remove_directory() {
	if [ "${SPRAY_OPERATION-}:$2" = reset:contents ]; then undo_contents "$1"; fi
	[ -z "$remove_why" ] || return 0
	if record_of directory "$1" && record_value was; then
		remove_was=${record_value#* }
		if ! { chown -h -- "${record_value%% *}:${remove_was%% *}" "$1" && chmod "${remove_was##* }" "$1"; }; then fail "cannot give $1 its owner and mode of before"; fi
		put_forget
		return 0
	fi
	rmdir "$1" || fail "cannot remove $1"
}

remove_is_symlink() {
	if [ ! -e "$1" ] && [ ! -h "$1" ]; then
		remove_why=gone
		return 1
	fi
	remove_why='it is no longer a symbolic link'
	if [ -h "$1" ]; then
		remove_target=$(readlink "$1") || remove_target=''
		[ "$remove_target" != "$2" ] || return 0
		! remove_left symlink "$1" "$remove_target" || return 0
		remove_why="it points to $remove_target now"
	fi
	if remove_is_original "$1"; then remove_why=gone; fi
	return 1
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
	remove_lines='' remove_skip="$1 $2 # sprayc"
	while IFS= read -r remove_line_now || [ -n "$remove_line_now" ]; do
		[ "$remove_line_now" = "$remove_skip" ] || remove_lines=$remove_lines$remove_line_now$spray_nl
	done </etc/hosts
	own_edit /etc/hosts remove_print
	put /etc/hosts root root 0644 remove_print
}

remove_print() { printf '%s' "$remove_lines"; }
