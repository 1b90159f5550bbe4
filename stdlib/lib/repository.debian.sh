# repository, debian family: a deb822 file and a key that counts for it alone.

repository_locate() {
	repository_file=/etc/apt/sources.list.d/$repository_name.sources
	repository_keyring=/etc/apt/keyrings/$repository_name.asc
}

repository_describe() {
	[ -n "$repository_suites" ] || fail "$repository_name: needs suites on the debian family"
	repository_text="Types: deb${repository_nl}URIs: $repository_url${repository_nl}Suites: $repository_suites$repository_nl"
	[ -z "$repository_components" ] || repository_text="${repository_text}Components: $repository_components$repository_nl"
	[ -z "$repository_architectures" ] || repository_text="${repository_text}Architectures: $repository_architectures$repository_nl"
	if [ "$repository_unsigned" = true ]; then
		repository_text="${repository_text}Trusted: yes$repository_nl"
	else
		repository_text="${repository_text}Signed-By: $repository_keyring$repository_nl"
	fi
}
