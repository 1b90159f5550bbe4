# archive: the files of a downloaded archive below a folder. What was unpacked is on a list
# (archive_list.sh), with digests, so that a probe needs neither the download nor a guess.

archive_args() {
	archive_path='' archive_url='' archive_sha256='' archive_size=0 archive_format=tar.gz
	archive_what='' archive_strip=0 archive_members=''
	for archive_arg in "$@"; do
		case $archive_arg in
		path=*) archive_path=${archive_arg#*=} ;;
		artifact.url=*) archive_url=${archive_arg#*=} ;;
		artifact.sha256=*) archive_sha256=${archive_arg#*=} ;;
		artifact.size=*) archive_size=${archive_arg#*=} ;;
		artifact.format=*) archive_format=${archive_arg#*=} ;;
		artifact.component=*) archive_what=${archive_arg#*=}${archive_what:+ }$archive_what ;;
		artifact.version=*) archive_what=$archive_what${archive_what:+ }${archive_arg#*=} ;;
		strip=*) archive_strip=${archive_arg#*=} ;;
		members=*) archive_members=$archive_members${archive_arg#*=}$spray_nl ;;
		*) bug "archive: unknown argument ${archive_arg%%=*}" ;;
		esac
	done
	case $archive_path in
	/?*) archive_path=${archive_path%/} ;;
	*) fail "\"$archive_path\": not the absolute path of a folder" ;;
	esac
	archive_key
	archive_locate "$archive_path"
}

# archive_key is one line for all that decides what is unpacked.
archive_key() {
	archive_key="$archive_sha256 $archive_strip"
	archive_rest=$archive_members
	while [ -n "$archive_rest" ]; do
		archive_key="$archive_key ${archive_rest%%"$spray_nl"*}"
		archive_rest=${archive_rest#*"$spray_nl"}
	done
}

archive_collect() {
	want_text "$archive_list"
	[ ! -r "$archive_list" ] || text_short "$archive_list"
	archive_read
	[ "$archive_had" = "$archive_key" ] || return 0
	archive_rest=$archive_links
	while [ -n "$archive_rest" ]; do
		archive_next_link
		want_link "$archive_path/$archive_member"
	done
	archive_rest=$archive_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		want_program "$archive_path/$archive_member"
		want_stat "$archive_path/$archive_member"
	done
}

archive_probe() {
	archive_read
	if [ "$archive_had" != "$archive_key" ]; then
		differs "has ${archive_had_what:-nothing of it}, not ${archive_what:-the wanted archive}"
		return 0
	fi
	archive_rest=$archive_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		archive_file_is "$archive_path/$archive_member" || differs "$archive_path/$archive_member: $archive_why"
	done
	archive_rest=$archive_links
	while [ -n "$archive_rest" ]; do
		archive_next_link
		archive_link_is "$archive_path/$archive_member" || differs "$archive_path/$archive_member: not the link to $archive_target"
	done
	ok
}

# archive_file_is PATH: it has archive_digest and archive_mode, and is root's.
archive_file_is() {
	archive_why='not there, or not a regular file'
	[ -f "$1" ] && [ ! -h "$1" ] || return 1
	archive_why='content is not the unpacked one'
	sha256_of "$1"
	[ "$sha256_of" = "$archive_digest" ] || return 1
	stat_of "$1"
	archive_why="owner and mode are $stat_of, not root root $archive_mode"
	[ "$stat_of" = "root root $archive_mode" ]
}

archive_act() {
	archive_sweep
	fetch "$archive_url" "$archive_sha256" "$archive_size"
	put_mkdir "$archive_path"
	put_parent "$archive_path/x"
	archive_stage=$(mktemp -d "$archive_path/.archive.spray.XXXXXX") || fail "cannot create a folder in $archive_path"
	if ! { extract_all "$fetch_path" "$archive_format" "$archive_stage" && chmod -R u+rwX,go=rX,a-st "$archive_stage"; }; then
		fail "cannot unpack $fetch_shown"
	fi
	archive_choose
	archive_read
	archive_before_files=$archive_files archive_before_links=$archive_links
	archive_look
	archive_keep
	# While this is under way the list holds the old and the new, for no key: a run that is
	# killed leaves nothing that is not listed.
	archive_write '' "$archive_before_files$archive_new_files" "$archive_before_links$archive_new_links"
	archive_place
	quick_forget
	[ -z "$archive_placed" ] || sum_placed "$archive_placed"
	archive_drop_old
	rm -rf "$archive_stage" || fail "cannot remove $archive_stage"
	archive_write "$archive_key" "$archive_new_files" "$archive_new_links"
}

# archive_choose lists what was unpacked and is wanted: archive_new_files and
# archive_new_links as for the list, archive_staged_* with paths as they are in the stage.
archive_choose() {
	archive_new_files='' archive_new_links='' archive_unseen=$spray_nl$archive_members
	archive_staged_files='' archive_staged_links=''
	fetch_hash
	# shellcheck disable=SC2086 # a command and its options
	archive_found=$(cd "$archive_stage" && find . -type f -exec $fetch_hash {} +) || fail "cannot read $archive_stage"
	while IFS= read -r archive_line; do
		[ -n "$archive_line" ] || continue
		case $archive_line in
		*\\*) archive_odd ;;
		*' ./'* | *' *./'*) ;;
		*) archive_odd ;;
		esac
		archive_member=${archive_line#*./} archive_digest=${archive_line%% *} archive_mode=0644
		[ ! -x "$archive_stage/$archive_member" ] || archive_mode=0755
		archive_line=$archive_digest$spray_tab$archive_mode$spray_tab
		archive_staged=$archive_line$archive_member$spray_nl
		if ! { archive_strip_member && archive_wants; }; then continue; fi
		archive_staged_files=$archive_staged_files$archive_staged
		archive_new_files=$archive_new_files$archive_line$archive_member$spray_nl
	done <<-EOF
		$archive_found
	EOF
	archive_found=$(cd "$archive_stage" && find . -type l) || fail "cannot read $archive_stage"
	while IFS= read -r archive_line; do
		[ -n "$archive_line" ] || continue
		archive_member=${archive_line#./}
		archive_line=$(readlink "$archive_stage/$archive_member")$spray_tab || fail "cannot read $archive_stage"
		archive_staged=$archive_line$archive_member$spray_nl
		if ! { archive_strip_member && archive_wants; }; then continue; fi
		archive_staged_links=$archive_staged_links$archive_staged
		archive_new_links=$archive_new_links$archive_line$archive_member$spray_nl
	done <<-EOF
		$archive_found
	EOF
	archive_unseen=${archive_unseen#"$spray_nl"}
	[ -z "$archive_unseen" ] || fail "$fetch_shown has no member ${archive_unseen%%"$spray_nl"*}"
	[ -n "$archive_new_files$archive_new_links" ] || fail "$fetch_shown has no file below $archive_strip folders"
}

archive_odd() { fail "$fetch_shown: a member's name has a newline or a backslash in it"; }

# archive_strip_member drops leading folders of archive_member; 1 when it has not so many.
archive_strip_member() {
	archive_count=$archive_strip
	while [ "$archive_count" -gt 0 ]; do
		case $archive_member in
		*/*) archive_member=${archive_member#*/} ;;
		*) return 1 ;;
		esac
		archive_count=$((archive_count - 1))
	done
}

# archive_wants: whether archive_member is one to unpack. Those of archive_members that were
# seen leave archive_unseen.
archive_wants() {
	[ -n "$archive_members" ] || return 0
	archive_rest=$archive_members
	while [ -n "$archive_rest" ]; do
		archive_part=${archive_rest%%"$spray_nl"*}
		archive_rest=${archive_rest#*"$spray_nl"}
		case $archive_member in
		"$archive_part" | "${archive_part%/}"/*) ;;
		*) continue ;;
		esac
		case $archive_unseen in
		*"$spray_nl$archive_part$spray_nl"*)
			archive_unseen=${archive_unseen%%"$spray_nl$archive_part$spray_nl"*}$spray_nl${archive_unseen#*"$spray_nl$archive_part$spray_nl"}
			;;
		esac
		return 0
	done
	return 1
}

# archive_place renames each file that is not there already, by archive_look, into its
# place; those of one folder together. archive_placed is the digests and names of these.
archive_place() {
	set --
	archive_folder='' archive_placed='' archive_rest=$archive_staged_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		archive_staged=$archive_stage/$archive_member
		archive_strip_member
		archive_file_is "$archive_path/$archive_member" && continue
		archive_make_way "$archive_path/$archive_member"
		archive_member=$archive_path/$archive_member
		if [ "$archive_folder" != "${archive_member%/*}" ]; then
			archive_move "$@"
			set --
			archive_folder=${archive_member%/*}
		fi
		archive_placed="$archive_placed$archive_digest  $archive_member$spray_nl"
		set -- "$@" "$archive_staged"
	done
	archive_move "$@"
	archive_rest=$archive_staged_links
	while [ -n "$archive_rest" ]; do
		archive_next_link
		archive_staged=$archive_stage/$archive_member
		archive_strip_member
		archive_link_is "$archive_path/$archive_member" && continue
		archive_make_way "$archive_path/$archive_member"
		mv -f "$archive_staged" "$archive_path/$archive_member" || fail "cannot write $archive_path/$archive_member"
	done
}

# archive_look asks for all of the new files at once.
archive_look() {
	collect_out='' archive_rest=$archive_new_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		want_program "$archive_path/$archive_member"
		want_stat "$archive_path/$archive_member"
	done
	quick_look "$collect_out"
}

# archive_move FILE...: into archive_folder. Each is renamed, so each is there whole.
archive_move() {
	[ "$#" -gt 0 ] || return 0
	mv -f "$@" "$archive_folder/" || fail "cannot write to $archive_folder"
}

# archive_keep keeps what is not ours and will be replaced: before the list calls it ours.
archive_keep() {
	archive_rest=$archive_new_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		archive_file_is "$archive_path/$archive_member" || archive_keep_member
	done
	archive_rest=$archive_new_links
	while [ -n "$archive_rest" ]; do
		archive_next_link
		archive_link_is "$archive_path/$archive_member" || archive_keep_member
	done
}

archive_keep_member() {
	case $spray_nl$archive_before_files$archive_before_links in
	*"$spray_tab$archive_member$spray_nl"*) return 0 ;;
	esac
	archive_there=$archive_path/$archive_member
	if [ -h "$archive_there" ] || [ -e "$archive_there" ]; then
		[ -h "$archive_there" ] || [ ! -d "$archive_there" ] || fail "$archive_there is a folder"
		put_parent "$archive_there"
		keep_before "$archive_there"
	fi
}

# archive_make_way PATH: its folder is there, and mv will replace PATH itself, not put
# something into it.
archive_make_way() {
	put_mkdir "${1%/*}"
	put_parent "$1"
	if [ ! -h "$1" ] && [ ! -e "$1" ]; then return 0; fi
	if [ ! -h "$1" ] && [ -d "$1" ]; then fail "$1 is a folder"; fi
	if [ -h "$1" ] && [ -d "$1" ]; then
		rm -f "$1" || fail "cannot remove $1"
	fi
}

# archive_write KEY FILES LINKS writes the list.
archive_write() {
	archive_text=''
	[ -z "$1" ] || archive_text="want$spray_tab$1$spray_nl"
	archive_text="${archive_text}what$spray_tab$archive_what$spray_nl"
	archive_rest=$2
	while [ -n "$archive_rest" ]; do
		archive_text="${archive_text}file$spray_tab${archive_rest%%"$spray_nl"*}$spray_nl"
		archive_rest=${archive_rest#*"$spray_nl"}
	done
	archive_rest=$3
	while [ -n "$archive_rest" ]; do
		archive_text="${archive_text}link$spray_tab${archive_rest%%"$spray_nl"*}$spray_nl"
		archive_rest=${archive_rest#*"$spray_nl"}
	done
	dropin_write "$archive_list" "$archive_text" 0600
}
