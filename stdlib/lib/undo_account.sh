# undo_account: users and groups as they were before. To a user of ours nothing that is kept
# may belong: its number would become somebody else's.

undo_is_user() {
	user_name=$1 user_group='' user_groups=''
	remove_why=gone
	if ! user_find; then
		if ! record_of user "$1" || ! record_value uid; then return 1; fi
		remove_why="it was there and was removed; its number was $record_value"
		return 1
	fi
	! undo_unknown user "$1" || return 1
	case $record_of in
	none*) undo_user_is_free ;;
	*) undo_user_differs ;;
	esac
}

undo_user_is_free() {
	case $remove_keepers in
	*" $user_name "*)
		remove_why='what is kept belongs to it'
		return 1
		;;
	esac
	undo_said=$(stat -c '%u' /proc/[0-9]* 2>/dev/null) || :
	case $spray_nl$undo_said$spray_nl in
	*"$spray_nl$user_now_uid$spray_nl"*)
		remove_why='it has processes'
		return 1
		;;
	esac
}

# undo_user_differs: a user that was there is not as it was.
undo_user_differs() {
	for undo_word in uid gid comment home shell added; do
		record_value "$undo_word" || :
		case $undo_word:$record_value in
		"uid:$user_now_uid" | "gid:$user_now_gid" | "comment:$user_now_comment" | "home:$user_now_home" | "shell:$user_now_shell" | added:) ;;
		added:*)
			user_groups=" $record_value"
			user_look_groups
			[ " $user_missing" = "$user_groups" ] || return 0
			;;
		*) return 0 ;;
		esac
	done
	return 1
}

undo_do_user() {
	user_name=$1
	user_find || return 0
	case $record_of in
	none*)
		userdel -- "$1" || fail "userdel $1 failed"
		record_value group || return 0
		group_name=$1
		group_find || groupadd -g "$record_value" -- "$1" || fail "groupadd $1 failed"
		return 0
		;;
	esac
	set -- usermod
	undo_was uid "$user_now_uid" || set -- "$@" -u "$record_value"
	undo_was gid "$user_now_gid" || set -- "$@" -g "$record_value"
	undo_was comment "$user_now_comment" || set -- "$@" -c "$record_value"
	undo_was home "$user_now_home" || set -- "$@" -d "$record_value"
	undo_was shell "$user_now_shell" || set -- "$@" -s "$record_value"
	[ "$#" -eq 1 ] || "$@" -- "$user_name" || fail "usermod $user_name failed"
	record_value added || :
	for undo_name in $record_value; do
		gpasswd -d "$user_name" "$undo_name" || note "$user_name cannot be taken out of the group $undo_name"
	done
}

# undo_was WORD NOW: it is as it was.
undo_was() {
	record_value "$1" || :
	[ "$record_value" = "$2" ]
}

undo_is_group() {
	group_name=$1
	remove_why=gone
	group_find || return 1
	! undo_unknown group "$1" || return 1
	case $record_of in
	none*) ;;
	*)
		record_value was && [ "$record_value" != "$group_now" ]
		return
		;;
	esac
	case $remove_keepers in
	*" $1 "*)
		remove_why='what is kept belongs to it'
		return 1
		;;
	esac
	while IFS=: read -r undo_name undo_skip undo_skip undo_gid undo_skip; do
		case $remove_gone in
		*"${spray_nl}user $undo_name$spray_nl"*) continue ;;
		esac
		if [ "$undo_gid" = "$group_now" ]; then
			remove_why="it is the group of the user $undo_name"
			return 1
		fi
	done </etc/passwd
}

undo_do_group() {
	if record_value was; then
		groupmod -g "$record_value" -- "$1" || fail "groupmod $1 failed"
	else
		groupdel -- "$1" || fail "groupdel $1 failed"
	fi
}
