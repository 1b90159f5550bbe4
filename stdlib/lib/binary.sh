# binary: one downloaded program. A download of format binary is the program itself; the
# digest of a member of an archive is noted, under the archive's digest, when it is unpacked.

binary_args() {
	binary_path='' binary_url='' binary_sha256='' binary_size=0 binary_format=binary
	binary_what='' binary_member='' binary_mode=0755
	for binary_arg in "$@"; do
		case $binary_arg in
		path=*) binary_path=${binary_arg#*=} ;;
		artifact.url=*) binary_url=${binary_arg#*=} ;;
		artifact.sha256=*) binary_sha256=${binary_arg#*=} ;;
		artifact.size=*) binary_size=${binary_arg#*=} ;;
		artifact.format=*) binary_format=${binary_arg#*=} ;;
		artifact.component=*) binary_what=${binary_arg#*=}${binary_what:+ }$binary_what ;;
		artifact.version=*) binary_what=$binary_what${binary_what:+ }${binary_arg#*=} ;;
		member=*) binary_member=${binary_arg#*=} ;;
		mode=*) binary_mode=${binary_arg#*=} ;;
		*) bug "binary: unknown argument ${binary_arg%%=*}" ;;
		esac
	done
	case $binary_path in
	*/) fail "\"$binary_path\": not the absolute path of a file" ;;
	/?*) ;;
	*) fail "\"$binary_path\": not the absolute path of a file" ;;
	esac
	case $binary_member in # unzip has no --
	-*) fail "$binary_path: \"$binary_member\" is not the name of a member" ;;
	esac
	case $binary_format in
	binary | yaml | '' | gz | xz | zst) ;;
	*) [ -n "$binary_member" ] || fail "$binary_path: its download is a $binary_format: say which member of it" ;;
	esac
}

# binary_wanted: binary_digest is the digest that the file must have, empty when only the
# download can tell.
binary_wanted() {
	binary_digest=''
	case $binary_format in
	binary | yaml | '')
		binary_digest=$binary_sha256
		return 0
		;;
	esac
	[ -f "$SPRAY_STATE/members/$binary_sha256" ] || return 0
	while IFS=$spray_tab read -r binary_field binary_line; do
		if [ "$binary_line" = "$binary_member" ]; then binary_digest=$binary_field; fi
	done <"$SPRAY_STATE/members/$binary_sha256"
}

binary_collect() {
	collect_declared file "$binary_path"
	want_program "$binary_path"
	want_stat "$binary_path"
}

binary_probe() {
	binary_wanted
	if [ -h "$binary_path" ] || [ ! -f "$binary_path" ]; then
		if [ -h "$binary_path" ] || [ -e "$binary_path" ]; then
			differs 'not a regular file'
		else
			differs 'not there'
		fi
	elif [ -z "$binary_digest" ]; then
		differs "not known to be ${binary_what:-the wanted one}"
	else
		sha256_of "$binary_path"
		[ "$sha256_of" = "$binary_digest" ] || differs "content is not ${binary_what:-the wanted one}"
		stat_of "$binary_path"
		[ "$stat_of" = "root root $binary_mode" ] || differs "owner and mode are $stat_of, not root root $binary_mode"
	fi
	ok
}

binary_act() {
	[ -h "$binary_path" ] || [ ! -d "$binary_path" ] || fail "$binary_path is a folder"
	binary_folder=${binary_path%/*}
	put_mkdir "$binary_folder"
	put_parent "$binary_path"
	put_sweep "$binary_path"
	if binary_is_content; then
		binary_dress
		return 0
	fi
	fetch "$binary_url" "$binary_sha256" "$binary_size"
	binary_tmp=$(mktemp "$binary_folder/.${binary_path##*/}.spray.XXXXXX") || fail "cannot create a file in ${binary_folder:-/}"
	if ! extract_one "$fetch_path" "$binary_format" "$binary_member" >"$binary_tmp"; then
		rm -f "$binary_tmp"
		fail "$fetch_shown: cannot unpack ${binary_member:-it}"
	fi
	binary_note
	if binary_is_content; then # only the note was missing
		rm -f "$binary_tmp" || fail "cannot remove $binary_tmp"
		binary_dress
		return 0
	fi
	keep_before "$binary_path"
	own_as file "$binary_path" "$binary_digest"
	if ! { chmod "$binary_mode" "$binary_tmp" && put_rename "$binary_tmp" "$binary_path"; }; then
		rm -f "$binary_tmp"
		fail "cannot write $binary_path"
	fi
	sum_placed "$binary_digest  $binary_path"
}

# binary_dress: owner and mode, where the content is right already.
binary_dress() {
	if ! { chown -h root:root "$binary_path" && [ ! -h "$binary_path" ] && chmod "$binary_mode" "$binary_path"; }; then
		fail "cannot set owner and mode of $binary_path"
	fi
}

# binary_is_content: the file is the wanted one but, perhaps, for its owner and mode.
binary_is_content() {
	binary_wanted
	[ -n "$binary_digest" ] && [ -f "$binary_path" ] && [ ! -h "$binary_path" ] || return 1
	sha256_of "$binary_path"
	[ "$sha256_of" = "$binary_digest" ]
}

# binary_note: the digest of what was unpacked, beside those of other members.
binary_note() {
	case $binary_format in
	binary | yaml | '') return 0 ;;
	esac
	binary_digest=$(sha256sum <"$binary_tmp") || fail "cannot read $binary_tmp"
	binary_text=${binary_digest%% *}$spray_tab$binary_member$spray_nl
	if [ -f "$SPRAY_STATE/members/$binary_sha256" ]; then
		while IFS= read -r binary_line; do
			[ "${binary_line#*"$spray_tab"}" = "$binary_member" ] || binary_text=$binary_text$binary_line$spray_nl
		done <"$SPRAY_STATE/members/$binary_sha256"
	fi
	dropin_write "$SPRAY_STATE/members/$binary_sha256" "$binary_text" 0600
}
