# repository, rhel family: a .repo file that names the key.

repository_locate() {
	repository_file=/etc/yum.repos.d/$repository_name.repo
	repository_keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-$repository_name
}

repository_describe() {
	repository_text="[$repository_name]${spray_nl}name=$repository_name${spray_nl}baseurl=$repository_url${spray_nl}enabled=1$spray_nl"
	if [ "$repository_unsigned" = true ]; then
		repository_text="${repository_text}gpgcheck=0$spray_nl"
	else
		repository_text="${repository_text}gpgcheck=1${spray_nl}gpgkey=file://$repository_keyring$spray_nl"
	fi
	[ -z "$repository_priority" ] || repository_text="${repository_text}priority=$repository_priority$spray_nl"
	[ -z "$repository_excludes" ] || repository_text="${repository_text}excludepkgs=$repository_excludes$spray_nl"
}
