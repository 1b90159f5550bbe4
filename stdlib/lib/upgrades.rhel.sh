# upgrades, rhel family: dnf. What versionlock or excludepkgs holds back is not among them. Of
# configuration files that somebody changed, rpm keeps those that the package says it may not
# replace; of the others the changed one stays beside the new one (.rpmsave).

upgrades_refresh() {
	package_dnf makecache --refresh || {
		package_errors
		fail "the index of packages cannot be fetched: $package_why"
	}
}

# upgrades_list: from the index as it is (-C); what dnf logs goes to memory.
upgrades_list() {
	upgrades_tool=dnf
	command -v dnf >/dev/null || upgrades_tool=yum
	set -- -q -C --setopt=logdir=/run/sprayc
	[ "$upgrades_which" != security ] || set -- "$@" --security
	upgrades_list='' upgrades_code=0
	upgrades_said=$("$upgrades_tool" "$@" check-update </dev/null 2>&1) || upgrades_code=$?
	case $upgrades_code in
	0) return 0 ;;
	100) ;;
	*)
		case $upgrades_said in
		*'Cache-only enabled but no cache'*) return 0 ;; # the index was never fetched
		esac
		package_said=$upgrades_said
		package_errors
		fail "$upgrades_tool does not say what is to be upgraded: $package_why"
		;;
	esac
	while read -r upgrades_package upgrades_new upgrades_rest; do
		case $upgrades_package in
		Obsoleting) break ;;
		*.*) ;;
		*) continue ;;
		esac
		[ -n "$upgrades_rest" ] || continue
		upgrades_package=${upgrades_package%.*}
		upgrades_old=$(rpm -q --qf '%{EVR} ' -- "$upgrades_package") || upgrades_old=-
		upgrades_old=${upgrades_old% }
		upgrades_list="$upgrades_list$upgrades_package ${upgrades_old##* } $upgrades_new$spray_nl"
	done <<-EOT
		$upgrades_said
	EOT
}

upgrades_is_cut() { return 1; } # rpm has no such state; what is doubled dnf upgrades again

upgrades_install() {
	set -- upgrade
	[ "$upgrades_which" != security ] || set -- upgrade --security
	package_dnf "$@" || {
		package_errors
		fail "the packages cannot be upgraded: $package_why"
	}
}
