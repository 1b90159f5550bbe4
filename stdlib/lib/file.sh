# file: a regular file with exactly this content, owner and mode.

file_args() {
	file_path='' file_content='' file_payload='' file_sha256='' file_from=''
	file_owner=root file_group=root file_mode=0644 file_parts=0
	for file_arg in "$@"; do
		case $file_arg in
		path=*) file_path=${file_arg#*=} ;;
		content=*) file_content=${file_arg#*=} file_from=content ;;
		payload=*) file_payload=${file_arg#*=} file_from=payload ;;
		sha256=*) file_sha256=${file_arg#*=} ;;
		parts=*) file_from=parts ;;
		owner=*) file_owner=${file_arg#*=} ;;
		group=*) file_group=${file_arg#*=} ;;
		mode=*) file_mode=${file_arg#*=} ;;
		*) bug "file: unknown argument ${file_arg%%=*}" ;;
		esac
	done
	put_path_check "$file_path"
	case $file_from in
	'') bug "file $file_path: neither content, payload nor parts" ;;
	parts) file_parts_args "$@" ;;
	*)
		[ -n "$file_sha256" ] || bug "file $file_path: no sha256"
		own_digest=$file_sha256
		;;
	esac
}

# A live part is the path of a file in SPRAY_IN. The parts are kept as a list of lines, each
# packed.
file_parts_args() {
	file_parts=''
	for file_arg in "$@"; do
		case $file_arg in
		parts=*)
			pack "${file_arg#*=}"
			file_parts=$file_parts$packed$spray_nl
			;;
		esac
	done
}

file_collect() {
	want_sha256 "$file_path"
	want_stat "$file_path"
}

file_probe() {
	if [ -h "$file_path" ]; then
		differs 'is a symbolic link'
	elif [ -d "$file_path" ]; then
		fail 'is a folder, which is not replaced; move it away first'
	elif [ ! -e "$file_path" ]; then
		differs 'is not there'
		[ "$file_from" != parts ] || file_parts_need
	elif [ ! -f "$file_path" ]; then
		fail 'is neither a file nor a link; it is not replaced'
	else
		file_is_content || differs 'has other content'
		stat_of "$file_path"
		[ "$stat_of" = "$file_owner $file_group $file_mode" ] ||
			differs "is $stat_of, not $file_owner $file_group $file_mode"
	fi
	ok
}

# file_is_content: what a regular file has is what is wanted.
file_is_content() {
	if [ "$file_from" = parts ]; then
		file_parts_compare
	else
		sha256_of "$file_path"
		[ "$sha256_of" = "$file_sha256" ]
	fi
}

# file_foresee: how what is there differs from what will be. What is known only while running
# is never shown, nor what stands beside it.
file_foresee() {
	if [ -h "$file_path" ] || [ ! -f "$file_path" ] || file_is_content; then return 0; fi
	if [ "$file_from" = parts ]; then
		compare_withhold "$file_path" 'it is made of values that are known only while running'
	else
		compare "$file_path" "$file_mode" file_write
	fi
}

# file_settles: what it changed is probed together with others (settle.sh).
file_settles() { :; }

file_act() {
	keep_before "$file_path"
	if [ ! -h "$file_path" ] && [ -f "$file_path" ] && file_is_content; then
		put_parent "$file_path"
		if [ "$put_quiet" = true ]; then
			chown -- "$file_owner:$file_group" "$file_path" || fail "cannot make $file_owner:$file_group the owner of $file_path"
			chmod "$file_mode" "$file_path" || fail "cannot set the mode of $file_path"
			return 0
		fi
	fi
	[ "$file_from" != parts ] || file_parts_need
	put "$file_path" "$file_owner" "$file_group" "$file_mode" file_write
	if [ "$file_from" = parts ]; then
		sha256_of "$file_path"
		own "$sha256_of"
	fi
}

# file_write prints the content.
file_write() {
	case $file_from in
	content) printf '%s' "$file_content" ;;
	payload) cat "$file_payload" ;;
	parts) file_parts_each file_part_print ;;
	esac
}

# file_parts_each FUNCTION: calls it with each part in turn.
file_parts_each() {
	file_rest=$file_parts
	while [ -n "$file_rest" ]; do
		unpack "${file_rest%%"$spray_nl"*}"
		file_rest=${file_rest#*"$spray_nl"}
		"$1" "$unpacked" || return 1
	done
}

file_part_print() {
	case $1 in
	"$SPRAY_IN"/*) cat "$1" ;;
	*) printf '%s' "$1" ;;
	esac
}

file_parts_need() { file_parts_each need_live; }

# file_parts_compare: exactly, when the live parts are there. An output is minted for who
# needs it only, so without it what stands in its place is taken for it; but what a person
# keeps (a secret: its name has no dot) may have changed, so an apply asks for it.
file_parts_compare() {
	file_missing=false
	file_parts_each file_part_missing
	if [ "$file_missing" = false ]; then
		file_wanted=$(file_write | sha256sum) || fail 'cannot join its parts'
		sha256_of "$file_path"
		[ "$sha256_of" = "${file_wanted%% *}" ]
		return
	fi
	file_found=''
	while IFS= read -r file_line; do
		file_found=$file_found$file_line$spray_nl
	done <"$file_path"
	file_found=$file_found$file_line file_loose=false
	file_parts_each file_part_match || return 1
	[ "$file_loose" = true ] || [ -z "$file_found" ]
}

file_part_missing() {
	case $1 in
	"$SPRAY_IN"/*) ;;
	*) return 0 ;;
	esac
	[ ! -f "$1" ] || return 0
	file_missing=true
	case ${1##*/} in
	*.*) ;;
	*) [ "$SPRAY_MODE" != apply ] || need_live "$1" ;;
	esac
}

# file_part_match: takes the part from the beginning of file_found; after a live part, whose
# length is not known, from wherever it first stands.
file_part_match() {
	case $1 in
	"$SPRAY_IN"/*)
		file_loose=true
		return 0
		;;
	esac
	if [ "$file_loose" = true ]; then
		case $file_found in
		*"$1"*) file_found=${file_found#*"$1"} ;;
		*) return 1 ;;
		esac
	else
		case $file_found in
		"$1"*) file_found=${file_found#"$1"} ;;
		*) return 1 ;;
		esac
	fi
	file_loose=false
}
