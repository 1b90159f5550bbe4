# upgrades, debian family: apt-get. What is held, or pinned to another version, is not among
# them: apt-get leaves it alone. Configuration files that somebody changed are kept (package_apt).

upgrades_refresh() {
	package_wait
	package_apt update || {
		package_errors
		fail "the index of packages cannot be fetched: $package_why"
	}
}

# upgrades_list: what apt-get would install, from the index as it is, with its caches in memory. Of
# the security archives are those whose new version stands in one (Debian-Security, jammy-security).
upgrades_list() {
	upgrades_said=$(apt-get -s -q -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= --with-new-pkgs upgrade </dev/null 2>&1) || {
		package_said=$upgrades_said
		package_errors
		fail "apt-get does not say what is to be upgraded: $package_why"
	}
	upgrades_list=''
	while read -r upgrades_word upgrades_package upgrades_rest; do
		[ "$upgrades_word" = Inst ] || continue
		upgrades_old=-
		case $upgrades_rest in
		'['*)
			upgrades_old=${upgrades_rest#'['}
			upgrades_old=${upgrades_old%%']'*}
			;;
		esac
		upgrades_new=${upgrades_rest#*'('}
		upgrades_from=${upgrades_new%%'['*}
		upgrades_new=${upgrades_new%%' '*}
		if [ "$upgrades_which" = security ]; then
			case $upgrades_from in
			*Security:* | *-security*) [ "$upgrades_old" != - ] || continue ;;
			*) continue ;;
			esac
		fi
		upgrades_list="$upgrades_list$upgrades_package $upgrades_old $upgrades_new$spray_nl"
	done <<-EOT
		$upgrades_said
	EOT
}

upgrades_is_cut() { package_is_late; }

# Nothing is removed for them. Those of security alone come by name and version.
upgrades_install() {
	package_now=present
	package_finish
	set --
	if [ "$upgrades_which" = security ]; then
		while read -r upgrades_package upgrades_old upgrades_new; do
			[ -z "$upgrades_package" ] || set -- "$@" "$upgrades_package=$upgrades_new"
		done <<-EOT
			$upgrades_list
		EOT
		[ "$#" -gt 0 ] || return 0
		set -- install --only-upgrade --no-remove -- "$@"
	else
		set -- upgrade --with-new-pkgs --no-remove
	fi
	while :; do
		package_wait
		if package_apt "$@"; then return 0; fi
		case $package_said in
		*'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock'*)
			[ "$package_waited" -lt "$package_timeout" ] || fail "another package manager is still at work after $package_waited s"
			package_waited=$((package_waited + 30)) # apt-get itself waited
			;;
		*)
			package_errors
			fail "the packages cannot be upgraded: $package_why"
			;;
		esac
	done
}
