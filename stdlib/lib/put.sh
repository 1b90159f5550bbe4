# put: files and links are made beside their target, under a name that begins with a dot
# (a kubelet starts whatever else it finds in its manifests folder), with their final owner
# and mode, and then renamed. Whoever looks sees the old one or the new one, whole.

put_checked=$spray_nl

# put_path_check PATH: one absolute path that is written in one way only.
put_path_check() {
	case $1/ in
	//*) fail "\"$1\" is no absolute path of a file" ;;
	*//* | */./* | */../* | *"$spray_nl"*) fail "\"$1\": write the path without //, /./, /../ and newlines" ;;
	/*) ;;
	*) fail "\"$1\" is no absolute path" ;;
	esac
}

# put_parent PATH: put_folder is its folder. Fails when it is missing, or when others could
# put something else in its place: where everybody may write, a folder or link on the way
# must be root's. put_quiet is false when others than root may write there.
put_parent() {
	put_folder=${1%/*}
	put_folder=${put_folder:-/}
	case $put_checked in
	*"$spray_nl$put_folder$spray_nl"*)
		put_quiet=true
		return 0
		;;
	esac
	if [ ! -d "$put_folder" ]; then
		[ ! -e "$put_folder" ] || fail "$put_folder is not a folder"
		fail "there is no folder $put_folder; declare it: directory \"$put_folder\" {}"
	fi
	set -- /
	put_rest=${put_folder#/}/
	put_at=''
	while [ "$put_rest" != / ] && [ -n "$put_rest" ]; do
		put_at=$put_at/${put_rest%%/*}
		put_rest=${put_rest#*/}
		set -- "$@" "$put_at"
	done
	put_lines=$(stat -c '%a %u %F' -- "$@") || fail "cannot look at $put_folder and what it is in"
	put_open=false put_owner_id=0 put_sticky=false put_setgid=false
	while read -r put_mode put_id put_type; do
		if [ "$put_open" = true ]; then
			case $put_id$put_type in
			0directory) ;;
			*) fail "$1 is a $put_type of user $put_id in a folder that everybody may write to; files below it are not safe" ;;
			esac
		fi
		put_open=false put_sticky=false put_setgid=false
		case $put_type:$put_mode in
		symbolic*) ;;
		*[2367]) put_open=true ;;
		esac
		case $put_mode in
		1??? | 3??? | 5??? | 7???) put_sticky=true ;;
		esac
		case $put_mode in
		[2367]???) put_setgid=true ;;
		esac
		put_owner_id=$put_id
		[ "$#" -eq 1 ] || shift
	done <<-EOT
		$put_lines
	EOT
	if [ "$put_open" = true ] && [ "$put_sticky" = false ]; then
		fail "everybody may write to $put_folder and replace what is in it; chmod o-w or +t it first"
	fi
	put_quiet=false
	if [ "$put_open$put_owner_id$put_setgid" = false0false ]; then
		put_quiet=true
		put_checked=$put_checked$put_folder$spray_nl
	fi
}

# put_made FOLDER MODE: a folder of root's that was made just now, in one that only root may
# write to: nobody else may write to it either if its mode says so.
put_made() {
	case $2 in
	[01]?[0145][0145]) put_checked=$put_checked$1$spray_nl ;;
	esac
}

# put_sweep PATH: temporaries that a killed run has left beside it.
put_sweep() {
	for put_left in "${1%/*}/.${1##*/}.spray."??????; do
		if [ -e "$put_left" ] || [ -h "$put_left" ]; then
			rm -rf "$put_left" || fail "cannot remove $put_left"
		fi
	done
}

# put_temporary PATH: put_tmp is a name beside it that is not in use. Where only root may
# write it needs not be a secret.
put_temporary() {
	put_parent "$1"
	put_sweep "$1"
	put_tmp=${1%/*}/.${1##*/}.spray.
	if [ "$put_quiet" = true ]; then
		put_tmp=$put_tmp$(($$ % 900000 + 100000))
	else
		put_tmp=$(mktemp "${put_tmp}XXXXXX") || fail "cannot create a file in $put_folder"
	fi
}

# put_umask MODE: a file that is created now has it, but for x and special bits.
put_umask() {
	put_digits=${1#"${1%???}"}
	put_symbols=''
	for put_who in u g o; do
		case $put_digits in
		[67]*) put_bits=rw ;;
		[45]*) put_bits=r ;;
		[23]*) put_bits=w ;;
		*) put_bits='' ;;
		esac
		put_symbols=$put_symbols${put_symbols:+,}$put_who=$put_bits
		put_digits=${put_digits#?}
	done
	umask "$put_symbols"
}

# put PATH OWNER GROUP MODE WRITER: PATH becomes a regular file with what the function
# WRITER prints. The old one stays, whole, until the rename.
put() {
	if [ ! -h "$1" ] && [ -d "$1" ]; then
		fail "$1 is a folder, which is not replaced; move it away first"
	fi
	put_temporary "$1"
	if [ "$put_quiet" = true ]; then
		put_umask "$4"
		set -C # never into something that is there
		if ! "$5" >"$put_tmp"; then put_failed "$1"; fi
		set +C
		umask 077
	elif ! "$5" >"$put_tmp"; then
		put_failed "$1"
	fi
	put_dress "$put_tmp" "$2" "$3" "$4" || put_failed "$1"
	mv -f "$put_tmp" "$1" || put_over_mount "$1" || put_failed "$1"
}

# put_over_mount PATH: in a container /etc/hosts may be a mount, which no rename can replace.
put_over_mount() {
	while read -r put_line put_at put_rest; do
		[ "$put_at" = "$1" ] || continue
		cat "$put_tmp" >"$1" && rm -f "$put_tmp"
		return
	done </proc/mounts
	return 1
}

# put_dress FILE OWNER GROUP MODE: for a temporary, or a file that has its content already.
# In a folder that is not only root's nothing is followed: chown -h, and chmod (which would
# follow a link put in the temporary's place) only while the file is still root's alone.
put_dress() {
	if [ "$put_quiet" = false ]; then
		[ ! -h "$1" ] && chmod "$4" "$1" && chown -h "$2:$3" "$1"
		return
	fi
	[ "$2:$3" = root:root ] || chown "$2:$3" "$1" || return 1
	case $4 in # after chown, which takes set-id bits away
	0*[1357]* | [1-7]*) chmod "$4" "$1" ;;
	esac
}

put_failed() {
	set +C
	umask 077
	rm -f "$put_tmp" || :
	fail "cannot write $1: is the disk full? (what was there is still there)"
}
