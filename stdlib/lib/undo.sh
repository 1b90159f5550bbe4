# undo: for a reset, what takes away that is no file: undo.sh and its like are in the bundles
# of that operation alone, with the files of all kinds. Each works from how it was before
# (record), and leaves what somebody else has changed since. As in remove.sh,
# undo_is_KIND NAME DIGEST says whether there is something to do, else remove_why; undo_do_KIND
# does it, or has found that it stays: remove_why too.

# undo_rest: after all else the folders on the way to what was ours, and the services that ran
# before, with what they had then; and when nothing is kept there is nothing more to know.
undo_rest() {
	undo_list=$remove_folders
	while [ -n "$undo_list" ]; do
		undo_name=${undo_list%%"$spray_nl"*}
		undo_list=${undo_list#*"$spray_nl"}
		remove_one folder "$undo_name" -
	done
	while [ -n "$remove_late" ]; do
		undo_name=${remove_late%%"$spray_nl"*}
		remove_late=${remove_late#*"$spray_nl"}
		remove_why=''
		undo_service_again "$undo_name"
		remove_done service "$undo_name"
	done
	if [ "$remove_kept" -gt 0 ]; then
		case $SPRAY_MODE:$run_end in
		plan:differs) return 0 ;;
		esac
		note "$remove_kept of what is ours is kept, and $SPRAY_STATE with what is known of it: see to them, and run this again"
	elif [ -d "$SPRAY_STATE" ]; then
		if [ "$SPRAY_MODE" = plan ]; then
			[ ! -e "$SPRAY_STATE/host" ] || {
				step_status=differs
				event orphan state "$SPRAY_STATE" will "$remove_text"
			}
		else
			stat -c %s "$SPRAY_STATE/owned" >"$SPRAY_RUN/leave" || fail "cannot write $SPRAY_RUN/leave"
			event orphan state "$SPRAY_STATE" removed "$remove_text"
		fi
	fi
}

# undo_leave: what we knew of this host goes, when nobody is at work here, nor was since.
undo_leave() {
	lock_take "$run_id" leave || return 0
	undo_size=$(stat -c %s "$SPRAY_STATE/owned") || undo_size=''
	if [ "$(cat "$SPRAY_RUN/leave")" != "$undo_size" ]; then
		lock_release
		return 0
	fi
	rm -rf /var/cache/sprayc "$SPRAY_STATE" || complain "cannot remove $SPRAY_STATE"
	rm -rf /run/sprayc || complain 'cannot remove /run/sprayc'
}

# undo_unknown KIND NAME: how it was is not recorded, as when another version made it.
undo_unknown() {
	if record_of "$1" "$2"; then return 1; fi
	remove_why='how it was before is not known'
}

# --- Folders -----------------------------------------------------------------------------

# undo_is_free FOLDER: nothing is mounted below it.
undo_is_free() {
	fstab_encode "$1"
	while read -r undo_device undo_at undo_skip; do
		case $undo_at in
		"$fstab_encoded"/*)
			remove_why="something is mounted on $undo_at"
			return 1
			;;
		esac
	done </proc/mounts
}

# undo_contents FOLDER: all that came to be in a folder that is ours. A file system's own
# folder stays, where the folder is where it is mounted.
undo_contents() {
	undo_is_free "$1" || return 0
	for undo_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		case $undo_entry in
		*/lost+found) continue ;;
		esac
		if [ -e "$undo_entry" ] || [ -h "$undo_entry" ]; then
			rm -rf "$undo_entry" || fail "cannot remove $undo_entry"
		fi
	done
}

# A folder on the way to what a resource has made.
undo_is_folder() {
	remove_why=gone
	if [ ! -d "$1" ] || [ -h "$1" ]; then return 1; fi
	remove_why='it is not empty'
	remove_is_empty "$1"
}

undo_do_folder() { rmdir "$1" || remove_why='it cannot be removed: is something mounted there?'; }

# --- Files that are not ours as a whole ------------------------------------------------------

# As we left it the file becomes the original again. Else its lines of ours are taken out of
# it one by one, as their turn comes.
undo_is_edited() {
	remove_why=gone
	[ -f "$1" ] || return 1
	sha256_of "$1"
	! remove_left edited "$1" "$sha256_of" || return 0
	if remove_is_original "$1"; then return 1; fi
	note "$1 was changed since by others; only lines of ours are taken out of it"
	[ "$SPRAY_MODE" != apply ] || {
		state_name "$1"
		rm -f "$SPRAY_STATE/before/$state_name" "$SPRAY_STATE/before/$state_name.none" || fail "cannot remove $SPRAY_STATE/before/$state_name"
	}
	return 1
}

undo_do_edited() {
	remove_restore "$1"
	[ "$1" != /etc/fstab ] || [ ! -d /run/systemd/system ] || systemctl daemon-reload || fail 'systemctl daemon-reload failed'
}

# What an act of a module has replaced. A host has the name at once that its file has again.
undo_is_replaced() {
	remove_why=gone
	[ -e "$1" ] || [ -h "$1" ] || return 1
	if [ -h "$1" ]; then
		undo_now=$(readlink "$1") || undo_now=''
	else
		sha256_of "$1"
		undo_now=$sha256_of
	fi
	! remove_left replaced "$1" "$undo_now" || return 0
	state_name "$1"
	[ -e "$SPRAY_STATE/before/$state_name" ] || [ -h "$SPRAY_STATE/before/$state_name" ] || return 1
	remove_why='it was changed since'
	return 1
}

undo_do_replaced() {
	remove_restore "$1"
	if [ "$1" = /etc/hostname ] && read -r undo_now </etc/hostname && [ -n "$undo_now" ]; then
		printf '%s\n' "$undo_now" >/proc/sys/kernel/hostname || note "the host keeps its name until the next boot"
	fi
}

undo_is_line() {
	remove_why=gone
	record_of line "$1" && record_value path || return 1
	undo_path=$record_value
	record_value state
	case $record_value in
	absent) return 1 ;;
	esac
	record_value line && ! record_value had && [ -f "$undo_path" ] && text_of "$undo_path" || return 1
	record_value line
	case $spray_nl$text_of$spray_nl in
	*"$spray_nl$record_value$spray_nl"*) return 0 ;;
	esac
	return 1
}

undo_do_line() {
	record_of line "$1"
	record_value path
	undo_path=$(readlink -f "$record_value") || fail "cannot follow $record_value"
	record_value line
	undo_without "$undo_path" "$record_value"
}

# undo_without FILE LINE: the file without that line, and else as it was.
undo_without() {
	remove_lines='' remove_skip=$2
	while IFS= read -r remove_line_now || [ -n "$remove_line_now" ]; do
		[ "$remove_line_now" = "$remove_skip" ] || remove_lines=$remove_lines$remove_line_now$spray_nl
	done <"$1"
	stat_of "$1"
	undo_group=${stat_of#* }
	put "$1" "${stat_of%% *}" "${undo_group% *}" "${stat_of##* }" remove_print
}
