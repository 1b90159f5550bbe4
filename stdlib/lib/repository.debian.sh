# repository, debian family: a deb822 file and a key that counts for it alone.

repository_locate() {
	repository_file=/etc/apt/sources.list.d/$repository_name.sources
	repository_keyring=/etc/apt/keyrings/$repository_name.asc
}

repository_describe() {
	[ -n "$repository_suites" ] || fail "$repository_name: needs suites on the debian family"
	repository_text="Types: deb${spray_nl}URIs: $repository_url${spray_nl}Suites: $repository_suites$spray_nl"
	[ -z "$repository_components" ] || repository_text="${repository_text}Components: $repository_components$spray_nl"
	[ -z "$repository_architectures" ] || repository_text="${repository_text}Architectures: $repository_architectures$spray_nl"
	if [ "$repository_unsigned" = true ]; then
		repository_text="${repository_text}Trusted: yes$spray_nl"
	else
		repository_text="${repository_text}Signed-By: $repository_keyring$spray_nl"
	fi
}
