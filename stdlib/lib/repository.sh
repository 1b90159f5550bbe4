# repository: a package repository, with the key that signs it. What the families share;
# repository.FAMILY.sh has
#
#   repository_locate      repository_file and repository_keyring, for repository_name
#   repository_describe    repository_text, the content of repository_file

repository_args() {
	repository_name='' repository_url='' repository_key='' repository_payload='' repository_sha256=''
	repository_unsigned=false repository_suites='' repository_components=''
	repository_architectures='' repository_priority='' repository_excludes=''
	for repository_arg in "$@"; do
		case $repository_arg in
		name=*) repository_name=${repository_arg#*=} ;;
		url=*) repository_url=${repository_arg#*=} ;;
		key=*) repository_key=${repository_arg#*=} ;;
		key.payload=*) repository_payload=${repository_arg#*=} ;;
		key.sha256=*) repository_sha256=${repository_arg#*=} ;;
		unsigned=*) repository_unsigned=${repository_arg#*=} ;;
		suites=*) repository_suites="$repository_suites${repository_suites:+ }${repository_arg#*=}" ;;
		components=*) repository_components="$repository_components${repository_components:+ }${repository_arg#*=}" ;;
		architectures=*) repository_architectures="$repository_architectures${repository_architectures:+ }${repository_arg#*=}" ;;
		priority=*) repository_priority=${repository_arg#*=} ;;
		excludes=*) repository_excludes="$repository_excludes${repository_excludes:+ }${repository_arg#*=}" ;;
		*) bug "repository: unknown argument ${repository_arg%%=*}" ;;
		esac
	done
	case $repository_name in
	'' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.-]*) fail "\"$repository_name\": not the name of a file of a repository" ;;
	esac
	case $repository_url$repository_suites$repository_components$repository_architectures$repository_excludes in
	*"$spray_nl"*) fail "$repository_name: a newline in its url or a list" ;;
	esac
	repository_locate
	repository_describe
}

repository_collect() {
	dropin_collect "$repository_file"
	if [ "$repository_unsigned" != true ]; then
		collect_declared file "$repository_keyring"
		want_sha256 "$repository_keyring"
		want_stat "$repository_keyring"
	fi
}

repository_probe() {
	if [ "$repository_unsigned" != true ]; then
		repository_key_is || differs "$repository_keyring: not the wanted key, or not root root 0644"
	fi
	dropin_is "$repository_file" "$repository_text" || differs "$repository_file: $dropin_why"
	ok
}

repository_key_is() {
	[ -f "$repository_keyring" ] && [ ! -h "$repository_keyring" ] || return 1
	sha256_of "$repository_keyring"
	[ "$sha256_of" = "$repository_sha256" ] || return 1
	stat_of "$repository_keyring" # apt reads it as a user of its own
	[ "$stat_of" = 'root root 0644' ]
}

repository_foresee() {
	if [ "$repository_unsigned" != true ] && [ -f "$repository_keyring" ]; then
		sha256_of "$repository_keyring"
		[ "$sha256_of" = "$repository_sha256" ] || compare_withhold "$repository_keyring" 'it is another key, and will be the wanted one'
	fi
	dropin_foresee "$repository_file" "$repository_text"
}

# The key comes first: a repository without it would be an error for every user of apt.
repository_act() {
	if [ "$repository_unsigned" != true ] && ! repository_key_is; then
		if [ -n "$repository_payload" ]; then
			repository_key=$(cat "$repository_payload" && printf x) || fail "cannot read $repository_payload"
			repository_key=${repository_key%x}
		fi
		dropin_put "$repository_keyring" "$repository_key"
	fi
	dropin_put "$repository_file" "$repository_text"
}
