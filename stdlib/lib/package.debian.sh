# package, debian family: apt-get and dpkg.

package_file=/var/lib/dpkg/status

package_pick() { [ -z "$package_debian" ] || package_real=$package_debian; }

# package_is_late: dpkg is at work, or was killed: its journal has what the file has not yet.
package_is_late() {
	for package_journal in /var/lib/dpkg/updates/[0-9]*; do
		[ ! -e "$package_journal" ] || return 0
	done
	return 1
}

# dpkg-query takes patterns, but no name of a package is one. The first letter of the
# status is what is wanted (h: hold), the second what is there, the third an error. A package
# that others only speak of has no version, so that comes last: two tabs would be read as one.
package_query() {
	dpkg-query -W -f '${Package}\t${db:Status-Abbrev}\t${Version}\n' -- "$@" 2>/dev/null |
		while IFS=$spray_tab read -r package_q_name package_q_status package_q_version; do
			case $package_q_status in
			?i' ' | ?i) package_q_state=present ;;
			?n* | ?c*) continue ;;
			*) package_q_state=broken ;;
			esac
			case $package_q_status in
			h*) package_q_held=held ;;
			*) package_q_held=- ;;
			esac
			printf '%s\t%s\t%s\t%s\n' "$package_q_name" "$package_q_version" "$package_q_state" "$package_q_held"
		done
}

package_all() {
	dpkg-query -W -f '${Package}\t${db:Status-Abbrev}\n' | while IFS=$spray_tab read -r package_q_name package_q_status; do
		case $package_q_status in
		?n* | ?c*) ;;
		*) printf '%s\n' "$package_q_name" ;;
		esac
	done
}

package_hold() {
	package_waited=0
	package_wait
	apt-mark hold "$package_real" || fail "cannot hold $package_real"
}
package_unhold() {
	package_waited=0
	package_wait
	apt-mark unhold "$package_real" || fail "cannot release $package_real"
}

# package_apt ARG...: without questions, without removing anything, keeping configuration
# files that somebody changed, and without needrestart touching services.
package_apt() {
	package_said=$(
		proxy_export
		export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none \
			NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1
		apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
			-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=30 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@" </dev/null 2>&1
	)
	package_status=$?
	package_log
	return "$package_status"
}

# package_finish: dpkg was killed in the midst of something, which nobody else will finish.
package_finish() {
	[ "$package_now" = broken ] || package_is_late || return 0
	note "$package_real: an earlier installation was cut off; dpkg --configure -a finishes it"
	package_wait
	(
		export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1
		dpkg --configure -a --force-confdef --force-confold </dev/null
	) || note "$package_real: dpkg --configure -a did not end well"
}

# The index is fetched only when an install fails without.
package_install() {
	package_waited=0 package_updated=false
	package_finish
	set -- install --no-remove
	[ "$package_recommends" = true ] || set -- "$@" --no-install-recommends
	[ -z "$package_version" ] || set -- "$@" --allow-downgrades
	while :; do
		package_wait
		if package_apt "$@" -- "$package_real${package_version:+=$package_version}"; then return 0; fi
		case $package_said in
		*'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock'*)
			[ "$package_waited" -lt "$package_timeout" ] ||
				package_give_up "$package_real: another package manager is still at work after $package_waited s"
			package_waited=$((package_waited + 30)) # apt-get itself waited
			continue
			;;
		*'Unable to locate package'* | *"Version '"*"' for '"*"' was not found"* | *'has no installation candidate'* | \
			*'Failed to fetch'* | *'Unable to fetch some archives'* | *'unmet dependencies'*)
			if [ "$package_updated" = false ]; then
				package_update
				continue
			fi
			;;
		esac
		package_errors
		package_offered
		package_give_up "$package_real${package_version:+=$package_version}: $package_why$package_offered"
	done
}

# A repository that does not answer is no reason to stop: what is wanted may be in another.
package_update() {
	note "$package_real: fetching the package index, which does not offer it yet"
	package_wait
	package_apt update || note "$package_real: apt-get update did not end well"
	package_updated=true
}

# package_offered: the versions that there are, when one was asked for that there is not.
package_offered() {
	package_offered=''
	[ -n "$package_version" ] || return 0
	package_rest=$(apt-cache madison "$package_real" 2>/dev/null) || return 0
	while IFS=' |' read -r package_field package_line package_skip; do
		[ -z "$package_line" ] || package_offered="$package_offered${package_offered:+, }$package_line"
	done <<-EOF
		$package_rest
	EOF
	if [ -n "$package_offered" ]; then
		package_offered="; offered: $package_offered"
	else
		package_offered='; no repository of this host offers any version of it'
	fi
}

# dpkg refuses when something needs it; apt-get would remove that too.
package_uninstall() {
	package_waited=0
	package_wait
	package_program dpkg
	package_said=$(DEBIAN_FRONTEND=noninteractive "$package_program" --remove "$package_real" 2>&1 </dev/null) || {
		package_log
		package_errors
		fail "cannot remove $package_real: $package_why"
	}
	package_log
}

# package_blocker: the owner of one of the locks of dpkg and apt, from /proc/locks: its
# lines name the inode, which is checked against the owner's open files.
package_blocker() {
	package_owner=''
	for package_lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock /var/lib/apt/lists/lock; do
		[ -e "$package_lock" ] || continue
		package_inode=$(stat -c %i "$package_lock") || continue
		while read -r package_skip package_skip package_skip package_skip package_pid package_field package_skip; do
			[ "${package_field##*:}" = "$package_inode" ] || continue
			package_has_open "$package_pid" || continue
			package_process "$package_pid"
			package_owner="$package_owner ($package_lock)"
			return 0
		done </proc/locks
	done
	return 1
}

# package_has_open PID: seen from a container the path may have another beginning.
package_has_open() {
	for package_fd in "/proc/$1/fd"/*; do
		case $(readlink "$package_fd") in
		*"$package_lock") return 0 ;;
		esac
	done
	return 1
}
