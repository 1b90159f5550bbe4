# user: a line of /etc/passwd. It is read without any process; useradd and its family write.

user_args() {
	user_name='' user_uid='' user_group='' user_groups='' user_home='' user_create_home=false
	user_shell='' user_comment='' user_system=false user_state=present
	for user_arg in "$@"; do
		case $user_arg in
		name=*) user_name=${user_arg#*=} ;;
		uid=*) user_uid=${user_arg#*=} ;;
		group=*) user_group=${user_arg#*=} ;;
		groups=*) user_groups="$user_groups ${user_arg#*=}" ;;
		home=*) user_home=${user_arg#*=} ;;
		create_home=*) user_create_home=${user_arg#*=} ;;
		shell=*) user_shell=${user_arg#*=} ;;
		comment=*) user_comment=${user_arg#*=} ;;
		system=*) user_system=${user_arg#*=} ;;
		state=*) user_state=${user_arg#*=} ;;
		*) bug "user: unknown argument ${user_arg%%=*}" ;;
		esac
	done
	case $user_name in
	'' | -* | *[!A-Za-z0-9_.-]*) fail "\"$user_name\": not the name of a user" ;;
	esac
	case "$user_groups $user_group" in
	*\ -* | *[!A-Za-z0-9_.\ -]*) fail "$user_groups $user_group: not names of groups" ;;
	esac
}

user_collect() { :; }

# user_find: user_now_* are the fields that the user has; 1 when there is no such user.
user_find() {
	while IFS=: read -r user_field user_skip user_now_uid user_now_gid user_now_comment user_now_home user_now_shell; do
		[ "$user_field" != "$user_name" ] || return 0
	done </etc/passwd
	return 1
}

# user_look_groups: user_gid is the number of the wanted primary group (empty when there is
# no such group), user_missing the wanted groups that the user is not in.
user_look_groups() {
	user_gid='' user_missing=$user_groups' '
	while IFS=: read -r user_field user_skip user_number user_members; do
		[ "$user_field" != "$user_group" ] || user_gid=$user_number
		case $user_missing in
		*" $user_field "*) ;;
		*) continue ;;
		esac
		case ,$user_members, in
		*",$user_name,"*) user_missing="${user_missing%%" $user_field "*} ${user_missing#*" $user_field "}" ;;
		esac
	done </etc/group
	set -f
	# shellcheck disable=SC2086 # one space between the names
	set -- $user_missing
	set +f
	user_missing=$*
}

user_probe() {
	if ! user_find; then
		[ "$user_state" = absent ] || differs 'no such user'
	elif [ "$user_state" = absent ]; then
		differs 'exists'
	else
		user_look_groups
		[ -z "$user_group" ] || [ "$user_now_gid" = "$user_gid" ] ||
			differs "primary group is $user_now_gid, not $user_group${user_gid:+ ($user_gid)}"
		[ -z "$user_missing" ] || differs "not in the groups: $user_missing"
		user_compare uid "$user_now_uid" "$user_uid"
		user_compare home "$user_now_home" "$user_home"
		user_compare shell "$user_now_shell" "$user_shell"
		user_compare comment "$user_now_comment" "$user_comment"
	fi
	ok
}

# user_compare WHAT IS WANTED
user_compare() {
	[ -z "$3" ] || [ "$2" = "$3" ] || differs "$1 is $2, not $3"
}

# user_foresee: what the user has and will have, for what differs.
user_foresee() {
	user_values=''
	if [ "$user_state" = absent ]; then
		user_value uid "$user_now_uid" ''
		user_value home "$user_now_home" ''
		user_value shell "$user_now_shell" ''
		compare_values /etc/passwd "user $user_name" "$user_values"
		return 0
	fi
	user_find || user_now_uid='' user_now_gid='' user_now_home='' user_now_shell='' user_now_comment=''
	user_look_groups
	[ -z "$user_uid" ] || user_value uid "$user_now_uid" "$user_uid"
	[ -z "$user_group" ] || [ "$user_now_gid" = "${user_gid:-none}" ] || user_value group "$user_now_gid" "$user_group${user_gid:+ ($user_gid)}"
	[ -z "$user_missing" ] || user_value 'in the groups' '' "$user_missing"
	[ -z "$user_home" ] || user_value home "$user_now_home" "$user_home"
	[ -z "$user_shell" ] || user_value shell "$user_now_shell" "$user_shell"
	[ -z "$user_comment" ] || user_value comment "$user_now_comment" "$user_comment"
	compare_values /etc/passwd "user $user_name" "$user_values"
}

# user_value WHAT FOUND WANTED
user_value() {
	[ "$2" != "$3" ] || return 0
	[ -z "$2" ] || user_values="$user_values$spray_nl-$1 $2"
	[ -z "$3" ] || user_values="$user_values$spray_nl+$1 $3"
}

# user_before: of one that there is, what usermod may change.
user_before() {
	before_text=none
	user_find || {
		user_own_group || before_text="group $user_number" # which userdel takes away
		return 0
	}
	user_look_groups
	before_text="uid $user_now_uid${spray_nl}gid $user_now_gid${spray_nl}comment $user_now_comment${spray_nl}home $user_now_home${spray_nl}shell $user_now_shell${spray_nl}added $user_missing"
}

user_act() {
	if [ "$user_state" = absent ]; then
		userdel -- "$user_name" || fail "userdel $user_name failed"
		return 0
	fi
	if user_find; then
		user_look_groups
		set -- usermod
		[ -z "$user_home" ] || set -- "$@" -d "$user_home"
		[ -z "$user_missing" ] || set -- "$@" -a
	else
		user_now_gid=''
		user_look_groups
		set -- useradd
		[ "$user_system" != true ] || set -- "$@" -r
		[ -z "$user_home" ] || set -- "$@" -d "$user_home"
		if [ "$user_create_home" = true ]; then set -- "$@" -m; else set -- "$@" -M; fi
		user_own_group || set -- "$@" -g "$user_name"
	fi
	[ -z "$user_uid" ] || set -- "$@" -u "$user_uid"
	[ -z "$user_group" ] || set -- "$@" -g "$user_group"
	[ -z "$user_shell" ] || set -- "$@" -s "$user_shell"
	[ -z "$user_comment" ] || set -- "$@" -c "$user_comment"
	[ -z "$user_missing" ] || set -- "$@" -G "$(user_commas)"
	"$@" -- "$user_name" || fail "$1 $user_name failed"
}

# user_own_group: 1 when no primary group was named and one of the user's name is already
# there, which useradd would refuse to make.
user_own_group() {
	[ -z "$user_group" ] || return 0
	while IFS=: read -r user_field user_skip user_number user_skip; do
		[ "$user_field" != "$user_name" ] || return 1
	done </etc/group
}

user_commas() {
	IFS=' '
	set -f
	# shellcheck disable=SC2086 # the names
	set -- $user_missing
	IFS=,
	printf '%s' "$*"
}
