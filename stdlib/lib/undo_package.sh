# undo_package: packages that were not there before go, with what they have brought. What
# other packages need stays. undo_package.FAMILY.sh has
#
#   undo_take NAME...   removes those that nothing else needs, with all that is theirs

undo_is_package() {
	remove_why=gone
	undo_package "$1" || return 1
	case ${undo_was%% *}:$package_now in
	absent:absent) [ -n "$undo_brought" ] ;;
	absent:*) ;;
	present:absent)
		remove_why="it was there (${undo_was##* }) and was removed"
		return 1
		;;
	*)
		undo_held=${undo_was#* }
		undo_held=${undo_held%% *}
		[ "$undo_held" = "$package_now_held" ] || return 0
		[ "${undo_was#* * }" != "$package_now_version" ] || return 1
		remove_why="it was ${undo_was#* * } and is $package_now_version: another version is not put back"
		return 1
		;;
	esac
}

# undo_package NAME: package_real, undo_was (what was there: present or absent, held, version)
# and undo_brought, what has come with it and is still there.
undo_package() {
	if undo_unknown package "$1"; then return 1; fi
	record_value name || :
	package_real=$record_value undo_brought='' package_timeout=600 package_recommends=false
	record_value was || :
	undo_was=$record_value
	quick_forget_packages
	if record_of brought "$1"; then
		undo_text=$record_of
		while [ -n "$undo_text" ]; do
			undo_line=${undo_text%%"$spray_nl"*}
			undo_text=${undo_text#*"$spray_nl"}
			case $undo_line in
			"brought $package_real") ;;
			'brought '*) undo_brought="$undo_brought ${undo_line#* }" ;;
			esac
		done
	fi
	undo_installed
	package_look
}

# undo_installed: of undo_brought those that are there.
undo_installed() {
	[ -n "$undo_brought" ] || return 0
	undo_list=$undo_brought undo_brought=''
	# shellcheck disable=SC2086 # the names
	undo_said=$(package_query $undo_list) || :
	for undo_name in $undo_list; do
		case $spray_nl$undo_said in
		*"$spray_nl$undo_name$spray_tab"*) undo_brought="$undo_brought $undo_name" ;;
		esac
	done
}

undo_do_package() {
	case $undo_was in
	present*)
		case $package_now_held in
		true) package_unhold ;;
		*) package_hold ;;
		esac
		return 0
		;;
	esac
	[ "$package_now_held" = false ] || package_unhold
	undo_name=$package_real
	[ "$package_now" != absent ] || undo_name=''
	package_waited=0
	package_wait
	# shellcheck disable=SC2086 # the names
	undo_take $undo_name $undo_brought
	quick_forget_packages
	undo_installed
	package_look
	if [ "$package_now" != absent ]; then
		package_errors
		remove_why="the package manager does not remove it: $package_why"
		return 0
	fi
	for undo_name in $undo_brought; do
		note "$undo_name, which came with $package_real, is needed by other packages and stays"
	done
	state_name "brought:$1"
	rm -f "$SPRAY_STATE/before/$state_name" || fail "cannot remove $SPRAY_STATE/before/$state_name"
	state_name "packages:$1"
	rm -f "$SPRAY_STATE/before/$state_name" || fail "cannot remove $SPRAY_STATE/before/$state_name"
}
