# group: a line of /etc/group. It is read without any process; groupadd and its family write.

group_args() {
	group_name='' group_gid='' group_system=false group_state=present
	for group_arg in "$@"; do
		case $group_arg in
		name=*) group_name=${group_arg#*=} ;;
		gid=*) group_gid=${group_arg#*=} ;;
		system=*) group_system=${group_arg#*=} ;;
		state=*) group_state=${group_arg#*=} ;;
		*) bug "group: unknown argument ${group_arg%%=*}" ;;
		esac
	done
	case $group_name in
	'' | -* | *[!A-Za-z0-9_.-]*) fail "\"$group_name\": not the name of a group" ;;
	esac
}

group_collect() { :; }

# group_find: group_now is the gid that the name has; 1 when there is no such group.
group_find() {
	while IFS=: read -r group_field group_skip group_now group_skip; do
		[ "$group_field" != "$group_name" ] || return 0
	done </etc/group
	group_now=''
	return 1
}

group_probe() {
	if group_find; then
		if [ "$group_state" = absent ]; then
			differs 'exists'
		elif [ -n "$group_gid" ] && [ "$group_now" != "$group_gid" ]; then
			differs "gid is $group_now, not $group_gid"
		fi
	elif [ "$group_state" = present ]; then
		differs 'no such group'
	fi
	ok
}

group_foresee() {
	group_find || :
	if [ "$group_state" = absent ]; then group_gid=''; fi
	compare_values /etc/group "group $group_name" "${group_now:+$spray_nl-gid $group_now}${group_gid:+$spray_nl+gid $group_gid}"
}

group_before() {
	before_text=none
	! group_find || before_text="was $group_now"
}

group_act() {
	if [ "$group_state" = absent ]; then
		set -- groupdel
	elif group_find; then
		set -- groupmod -g "$group_gid"
	else
		set -- groupadd
		[ "$group_system" != true ] || set -- "$@" -r
		[ -z "$group_gid" ] || set -- "$@" -g "$group_gid"
	fi
	"$@" -- "$group_name" || fail "$1 $group_name failed"
}
