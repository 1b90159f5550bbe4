# directory: a folder with this owner and mode. What is in it is not looked at.

directory_args() {
	directory_path='' directory_owner=root directory_group=root directory_mode=0755 directory_parents=false directory_whole=false
	for directory_arg in "$@"; do
		case $directory_arg in
		path=*) directory_path=${directory_arg#*=} ;;
		owner=*) directory_owner=${directory_arg#*=} ;;
		group=*) directory_group=${directory_arg#*=} ;;
		mode=*) directory_mode=${directory_arg#*=} ;;
		parents=*) directory_parents=${directory_arg#*=} ;;
		with_contents=*) directory_whole=${directory_arg#*=} ;;
		*) bug "directory: unknown argument ${directory_arg%%=*}" ;;
		esac
	done
	put_path_check "$directory_path"
	[ "$directory_whole" = false ] || own_digest=contents
	directory_new=$directory_mode
	[ "$directory_mode" != any ] || directory_new=0700
}

directory_collect() { want_stat "$directory_path"; }

directory_probe() {
	if [ -h "$directory_path" ] && [ -d "$directory_path" ]; then
		fail 'is a symbolic link to a folder; name the folder itself'
	elif [ -h "$directory_path" ] || { [ -e "$directory_path" ] && [ ! -d "$directory_path" ]; }; then
		fail 'is not a folder; move it away first'
	elif [ ! -d "$directory_path" ]; then
		differs 'is not there'
	else
		stat_of "$directory_path"
		[ "$directory_whole:${SPRAY_MODE-}" != true:apply ] || directory_record
		[ "$directory_mode" = any ] || [ "$stat_of" = "$directory_owner $directory_group $directory_mode" ] ||
			differs "is $stat_of, not $directory_owner $directory_group $directory_mode"
	fi
	ok
}

# directory_record: one that is as it should be is not acted on; how it was is kept all the same,
# before a daemon fills it.
directory_record() {
	if record_of directory "$res_name"; then return 0; fi
	owned_of directory "$res_name"
	if [ -n "$owned_of" ]; then return 0; fi # another version made it
	resource_before
	own "$own_digest"
}

directory_before() {
	before_text=none
	[ ! -d "$directory_path" ] || {
		stat_of "$directory_path"
		before_text="was $stat_of"
		! directory_is_empty "$directory_path" || before_text="$before_text${spray_nl}empty yes"
	}
}

# directory_is_empty PATH: but for what a file system itself has.
directory_is_empty() {
	for directory_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		case $directory_entry in
		*/lost+found) continue ;;
		esac
		if [ -e "$directory_entry" ] || [ -h "$directory_entry" ]; then return 1; fi
	done
}

# directory_settles: what it changed is probed together with others (settle.sh).
directory_settles() { :; }

# A new folder is nobody else's until it has its owner and mode.
directory_act() {
	[ "$directory_parents" = false ] || put_mkdir "${directory_path%/*}"
	put_parent "$directory_path"
	if [ ! -d "$directory_path" ]; then
		if [ "$put_quiet:$directory_owner:$directory_group" = true:root:root ]; then
			mkdir -m "$directory_new" "$directory_path" || fail "cannot create $directory_path"
			put_made "$directory_path" "$directory_new"
			return 0
		fi
		mkdir "$directory_path" || fail "cannot create $directory_path"
	else
		put_forget
	fi
	stat_of "$directory_path"
	if [ "${stat_of% *}" != "$directory_owner $directory_group" ]; then
		chown -h -- "$directory_owner:$directory_group" "$directory_path" ||
			fail "cannot make $directory_owner:$directory_group the owner of $directory_path"
	fi
	if [ "${stat_of##* }" != "$directory_new" ]; then
		chmod "$directory_new" "$directory_path" || fail "cannot set the mode of $directory_path"
	fi
}
