# symlink: a symbolic link with exactly this target.

symlink_args() {
	symlink_path='' symlink_target=''
	for symlink_arg in "$@"; do
		case $symlink_arg in
		path=*) symlink_path=${symlink_arg#*=} ;;
		target=*) symlink_target=${symlink_arg#*=} ;;
		*) bug "symlink: unknown argument ${symlink_arg%%=*}" ;;
		esac
	done
	put_path_check "$symlink_path"
	case $symlink_target in
	'' | *"$spray_nl"*) fail "\"$symlink_target\" is not the target of a link" ;;
	esac
	own_digest=$symlink_target
}

symlink_collect() { want_link "$symlink_path"; }

symlink_probe() {
	if [ -h "$symlink_path" ]; then
		link_of "$symlink_path" || fail 'cannot be read'
		[ "$link_of" = "$symlink_target" ] || differs "points to $link_of, not $symlink_target"
	elif [ -e "$symlink_path" ]; then
		fail 'is there and not a symbolic link; move it away first'
	else
		differs 'is not there'
	fi
	ok
}

# symlink_settles: what it changed is probed together with others (settle.sh).
symlink_settles() { :; }

symlink_act() {
	keep_before "$symlink_path"
	put_temporary "$symlink_path"
	if [ "$put_quiet" = true ] && [ ! -h "$symlink_path" ] && [ ! -e "$symlink_path" ]; then
		ln -s -- "$symlink_target" "$symlink_path" || fail "cannot make $symlink_path"
		return 0
	fi
	[ ! -e "$put_tmp" ] || rm -f "$put_tmp" || fail "cannot write beside $symlink_path"
	if ! { ln -s -- "$symlink_target" "$put_tmp" && put_rename "$put_tmp" "$symlink_path"; }; then
		rm -f "$put_tmp" || :
		fail "cannot make $symlink_path"
	fi
}
