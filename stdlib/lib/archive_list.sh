# archive_list: the lists of what archives left on a host, below /var/lib/sprayc/archives.
# Every bundle has this file, as the last archive may have left it. The lines of a list,
# with tabs between:
#
#   want  KEY               what it was made for; none while an unpacking is under way
#   what  COMPONENT VERSION
#   file  SHA256  MODE  PATH
#   link  TARGET  PATH

# archive_locate PATH: archive_list is the list of what was unpacked there.
archive_locate() {
	state_name "$1"
	archive_list=$SPRAY_STATE/archives/$state_name
}

# archive_read: archive_files and archive_links are the lines of the list, archive_had the
# key that it was made for, archive_had_what its component and version.
archive_read() {
	archive_files='' archive_links='' archive_had='' archive_had_what=''
	[ -f "$archive_list" ] || return 0
	text_of "$archive_list" || fail "cannot read $archive_list"
	IFS=$spray_nl
	set -f
	for archive_line in $text_of; do
		archive_field=${archive_line#*"$spray_tab"}
		case $archive_line in
		"want$spray_tab"*) archive_had=$archive_field ;;
		"what$spray_tab"*) archive_had_what=$archive_field ;;
		"file$spray_tab"*) archive_files=$archive_files$archive_field$spray_nl ;;
		"link$spray_tab"*) archive_links=$archive_links$archive_field$spray_nl ;;
		esac
	done
	set +f
	IFS=" $spray_tab$spray_nl"
}

# archive_next_file takes one line off archive_rest: archive_digest, archive_mode, archive_member.
archive_next_file() {
	archive_line=${archive_rest%%"$spray_nl"*}
	archive_rest=${archive_rest#*"$spray_nl"}
	archive_digest=${archive_line%%"$spray_tab"*}
	archive_member=${archive_line#*"$spray_tab"}
	archive_mode=${archive_member%%"$spray_tab"*}
	archive_member=${archive_member#*"$spray_tab"}
}

# archive_next_link: the same: archive_target, archive_member.
archive_next_link() {
	archive_line=${archive_rest%%"$spray_nl"*}
	archive_rest=${archive_rest#*"$spray_nl"}
	archive_target=${archive_line%%"$spray_tab"*}
	archive_member=${archive_line#*"$spray_tab"}
}

archive_link_is() {
	[ -h "$1" ] && link_of "$1" && [ "$link_of" = "$archive_target" ]
}

# archive_sweep removes what a killed run left.
archive_sweep() {
	for archive_left in "$archive_path"/.archive.spray.??????; do
		[ ! -d "$archive_left" ] || rm -rf "$archive_left" || fail "cannot remove $archive_left"
	done
}

# archive_drop_old removes members of before that are no longer wanted, if they are as they
# were left.
archive_drop_old() {
	archive_rest=$archive_before_files
	while [ -n "$archive_rest" ]; do
		archive_next_file
		case $spray_nl$archive_new_files$archive_new_links in
		*"$spray_tab$archive_member$spray_nl"*) continue ;;
		esac
		archive_drop_file
	done
	archive_rest=$archive_before_links
	while [ -n "$archive_rest" ]; do
		archive_next_link
		case $spray_nl$archive_new_files$archive_new_links in
		*"$spray_tab$archive_member$spray_nl"*) continue ;;
		esac
		archive_drop_link
	done
}

archive_drop_file() {
	[ -f "$archive_path/$archive_member" ] && [ ! -h "$archive_path/$archive_member" ] || return 0
	sha256_of "$archive_path/$archive_member"
	if [ "$sha256_of" != "$archive_digest" ]; then
		note "$archive_path/$archive_member: no longer wanted, but changed since it was unpacked; left alone"
		return 0
	fi
	remove_restore "$archive_path/$archive_member"
	archive_drop_folders
}

archive_drop_link() {
	archive_link_is "$archive_path/$archive_member" || return 0
	remove_restore "$archive_path/$archive_member"
	archive_drop_folders
}

# archive_drop_folders removes the folders between that we made, if they are empty now.
archive_drop_folders() {
	archive_part=$archive_member
	while :; do
		case $archive_part in
		*/*) archive_part=${archive_part%/*} ;;
		*) return 0 ;;
		esac
		owned_of folder "$archive_path/$archive_part"
		[ -n "$owned_of" ] || return 0
		rmdir "$archive_path/$archive_part" 2>/dev/null || return 0
	done
}

# remove_is_archive PATH, remove_archive PATH: for remove.sh. Each file goes if it still is as
# it was left.
remove_is_archive() {
	archive_locate "$1"
	remove_why=gone
	[ -f "$archive_list" ]
}

remove_archive() {
	archive_path=$1
	archive_locate "$archive_path"
	archive_read
	archive_new_files='' archive_new_links=''
	archive_before_files=$archive_files archive_before_links=$archive_links
	archive_sweep
	archive_drop_old
	rm -f "$archive_list" || fail "cannot remove $archive_list"
}
