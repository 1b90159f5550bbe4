# put: files and links are made beside their target, under a name that begins with a dot
# (a kubelet starts whatever else it finds in its manifests folder), with their final owner
# and mode, and then renamed. Whoever looks sees the old one or the new one, whole.
#
# A folder that others than root may write to is looked at before it is written to, not
# while: who exchanges it for a link in between can still choose where the file goes, so
# what root is to rely on belongs below folders of root's alone.

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
# must be root's, and below a folder that others than root may change there must be no link,
# which could lead to /etc tomorrow. What root's own links lead to is looked at in the same
# way. put_quiet is false when others than root may write anywhere on the way, put_loose true
# when they may replace what is in put_folder.
put_parent() {
	put_folder=${1%/*}
	put_folder=${put_folder:-/}
	put_quiet=true put_loose=false
	case $put_checked in
	*"$spray_nl$put_folder$spray_nl"*) return 0 ;;
	esac
	if [ ! -d "$put_folder" ]; then
		[ ! -e "$put_folder" ] || fail "$put_folder is not a folder"
		fail "there is no folder $put_folder; declare it: directory \"$put_folder\" {}"
	fi
	put_follow || fail "$put_why"
	if [ "$put_open" = true ] && [ "$put_sticky" = false ]; then
		fail "everybody may write to $put_folder and replace what is in it; chmod o-w or +t it first"
	fi
	[ "$put_setgid" = false ] || put_quiet=false # a new file would have another group
	[ "$put_quiet" = false ] || put_checked=$put_checked$put_folder$spray_nl
}

# put_safe PATH: whether what is there may be removed: its folder may be wherever others than
# root want it to be. If not put_why says so.
put_safe() {
	put_folder=${1%/*}
	put_folder=${put_folder:-/}
	case $put_checked in
	*"$spray_nl$put_folder$spray_nl"*) return 0 ;;
	esac
	put_follow
}

# put_follow looks at put_folder, and at what it is in, over links of root's; 1 when there is
# something that others than root chose, and put_why says so.
put_follow() {
	put_at=$put_folder put_links=0
	while :; do
		put_walk "$put_at" || return 1
		[ -n "$put_link" ] || break
		put_links=$((put_links + 1))
		put_why="cannot follow $put_folder over $put_link"
		[ "$put_links" -le 40 ] && put_target=$(readlink "$put_link") || return 1
		case $put_target in
		/*) put_at=$put_target${put_at#"$put_link"} ;;
		*) put_at=${put_link%/*}/$put_target${put_at#"$put_link"} ;;
		esac
	done
}

# put_walk PATH: for put_follow, one look at a folder and all that it is in, from / on. put_at
# is PATH with single slashes, put_link the first symbolic link on the way.
put_walk() {
	put_rest=${1#/}/ put_at='' put_link=''
	set -- /
	while [ -n "$put_rest" ]; do
		[ -z "${put_rest%%/*}" ] || {
			put_at=$put_at/${put_rest%%/*}
			set -- "$@" "$put_at"
		}
		put_rest=${put_rest#*/}
	done
	put_why="cannot look at $put_folder and what it is in"
	put_lines=$(stat -c '%a %u %F' -- "$@") || return 1
	put_open=false put_sticky=false put_setgid=false put_shared=false put_loose=false
	while read -r put_mode put_id put_type; do
		put_step "$1" || return 1
		[ -z "$put_link" ] || break
		[ "$#" -eq 1 ] || shift
	done <<-EOT
		$put_lines
	EOT
}

# put_step PATH: one of them. put_open: everybody may write to it; put_shared: others than
# root may; put_loose: these may replace what is in it or in a folder above it.
put_step() {
	if [ "$put_open" = true ]; then
		case $put_id$put_type in
		0directory) ;;
		*)
			put_why="$1 is a $put_type of user $put_id in a folder that everybody may write to; files below it are not safe"
			return 1
			;;
		esac
	fi
	case $put_type in
	symbolic*)
		put_why="$1 is a symbolic link in a folder that others than root may write to, who could make it lead anywhere; name the folder itself"
		put_link=$1
		[ "$put_loose$put_shared" = falsefalse ]
		return
		;;
	esac
	put_open=false put_sticky=false put_setgid=false put_shared=false
	case $put_mode in
	*[2367]) put_open=true put_shared=true ;;
	*[2367]?) put_shared=true ;;
	esac
	case $put_mode in
	[1357]???) put_sticky=true ;;
	esac
	case $put_mode in
	[2367]???) put_setgid=true ;;
	esac
	case $put_id:$put_shared:$put_sticky in
	0:false:* | 0:true:true) ;;
	*) put_shared=true put_loose=true ;;
	esac
	[ "$put_shared" = false ] || put_quiet=false
}

# put_made FOLDER MODE: a folder of root's that was made just now, in one that only root may
# write to: nobody else may write to it either if its mode says so.
put_made() {
	case $2 in
	[01]?[0145][0145]) put_checked=$put_checked$1$spray_nl ;;
	esac
}

# put_forget: a folder's owner or mode has changed, so others than root may write to it, and
# to what is below it.
put_forget() { put_checked=$spray_nl; }

# put_mkdir FOLDER: makes it, and those that it is in, where they are missing.
put_mkdir() {
	if [ -z "$1" ] || [ -d "$1" ]; then return 0; fi
	put_there=$1
	while [ -n "$put_there" ] && [ ! -d "$put_there" ]; do put_there=${put_there%/*}; done
	put_parent "$put_there/x"
	put_own "$1"
	(umask 022 && mkdir -p "$1") || fail "cannot create $1"
	[ "$put_quiet" = false ] || put_checked=$put_checked$1$spray_nl
}

# put_own FOLDER: what will be made goes when all that is ours goes, if it is empty then.
put_own() {
	case $1 in
	"$SPRAY_STATE"/*) return 0 ;;
	esac
	put_new=$put_there put_rest=${1#"$put_there"/}/
	while [ -n "$put_rest" ]; do
		put_new=$put_new/${put_rest%%/*}
		put_rest=${put_rest#*/}
		own_as folder "$put_new" -
	done
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
	put_rename "$put_tmp" "$1" || put_over_mount "$1" || put_failed "$1"
}

# put_rename FILE PATH: a link in the place of PATH is replaced, also one to a folder, which
# busybox refuses: there it goes first.
put_rename() {
	mv -fT "$1" "$2" && return 0
	[ -h "$2" ] && [ -d "$2" ] && rm -f "$2" && mv -fT "$1" "$2"
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
		[ ! -h "$1" ] && chmod "$4" "$1" && chown -h -- "$2:$3" "$1"
		return
	fi
	[ "$2:$3" = root:root ] || chown -- "$2:$3" "$1" || return 1
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
