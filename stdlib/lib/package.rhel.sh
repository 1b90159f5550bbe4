# package, rhel family: dnf (or the yum that it is called by) and rpm.

package_lock_list=/etc/dnf/plugins/versionlock.list

package_pick() { [ -z "$package_rhel" ] || package_real=$package_rhel; }

# rpm -q takes NAME-VERSION for a name too; whoever asks compares the whole name.
package_query() {
	rpm -q --qf '%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' -- "$@" 2>/dev/null |
		while IFS=$spray_tab read -r package_q_name package_q_version package_q_skip; do
			[ -n "$package_q_version" ] || continue # "package NAME is not installed"
			package_q_held=-
			if package_is_locked "$package_q_name" "$package_q_version"; then package_q_held=held; fi
			printf '%s\t%s\tpresent\t%s\n' "$package_q_name" "$package_q_version" "$package_q_held"
		done
}

package_all() { rpm -qa --qf '%{NAME}\n'; }

# package_is_lock_of NAME LINE: the line of versionlock's list is NAME-EPOCH:VERSION-RELEASE.ARCH
# of just this name; package_lock_version is what it locks.
package_is_lock_of() {
	case $2 in
	"$1"-*:*) package_lock_version=${2#"$1"-} ;;
	*) return 1 ;;
	esac
	case ${package_lock_version%%:*} in
	'' | *[!0-9]*) return 1 ;;
	esac
	package_lock_version=${package_lock_version%.*}
}

# package_is_locked NAME VERSION
package_is_locked() {
	[ -r "$package_lock_list" ] || return 1
	while read -r package_lock_line; do
		if package_is_lock_of "$1" "$package_lock_line" && [ "$package_lock_version" = "$2" ]; then return 0; fi
	done <"$package_lock_list"
	return 1
}

package_hold() {
	if [ ! -e /etc/dnf/plugins/versionlock.conf ]; then
		package_dnf install python3-dnf-plugin-versionlock || {
			package_errors
			fail "cannot hold $package_real: the versionlock plugin cannot be installed: $package_why"
		}
	fi
	package_locks "${package_now_version##* }"
}
package_unhold() { package_locks ''; }

# package_locks VERSION: the list with VERSION as the only lock of this package, or with none.
# Other lines stay as they are.
package_locks() {
	package_lock_text=''
	if [ -e "$package_lock_list" ]; then
		while IFS= read -r package_lock_line || [ -n "$package_lock_line" ]; do
			package_is_lock_of "$package_real" "$package_lock_line" ||
				package_lock_text=$package_lock_text$package_lock_line$spray_nl
		done <"$package_lock_list"
	fi
	[ -z "$1" ] || package_lock_text="$package_lock_text$package_real-$1.*$spray_nl"
	keep_before "$package_lock_list"
	dropin_text=$package_lock_text
	own_edit "$package_lock_list" dropin_print
	dropin_write "$package_lock_list" "$package_lock_text"
}

package_dnf() {
	package_tool=dnf
	command -v dnf >/dev/null || package_tool=yum
	[ "$package_recommends" = true ] || set -- --setopt=install_weak_deps=False "$@"
	while :; do
		package_said=$(proxy_export && "$package_tool" -y --setopt=exit_on_lock=True "$@" </dev/null 2>&1)
		package_status=$?
		package_log
		case $package_status in
		0) return 0 ;;
		200) ;;
		*) return "$package_status" ;;
		esac
		package_blocker || package_owner='a process that is not visible from here'
		[ "$package_waited" -lt "$package_timeout" ] ||
			package_give_up "$package_real: another package manager is still at work after $package_waited s: $package_owner"
		[ $((package_waited % 60)) -ne 0 ] ||
			note "$package_real: waiting for another package manager ($package_waited s of $package_timeout): $package_owner"
		sleep 2
		package_waited=$((package_waited + 2))
	done
}

package_install() {
	package_waited=0
	set -- "$package_real${package_version:+-$package_version}"
	if ! package_dnf install "$1"; then
		case $package_said in
		*'No match for argument'* | *'Unable to find a match'* | *'Failed to download'* | *'Cannot download'*)
			note "$package_real: fetching the package index, which does not offer it yet"
			package_dnf --refresh install "$1" || package_refuse "$1"
			;;
		*) package_refuse "$1" ;;
		esac
	fi
	package_look
	package_is_version || package_dnf downgrade "$1" || package_refuse "$1"
}

package_refuse() {
	package_errors
	package_offered=''
	if [ -n "$package_version" ]; then
		package_offered=$("$package_tool" -q -C --showduplicates repoquery --qf '%{evr}' "$package_real" 2>/dev/null | tr '\n' ' ') || :
		package_offered=${package_offered% }
		package_offered="; offered: ${package_offered:-none}"
	fi
	package_give_up "$1: $package_why$package_offered"
}

# rpm refuses when something needs it; dnf would remove that too.
package_uninstall() {
	package_waited=0
	package_wait
	package_program rpm
	package_said=$("$package_program" -e --allmatches "$package_real" 2>&1) || {
		package_log
		package_errors
		fail "cannot remove $package_real: $package_why"
	}
	package_log
}

# package_blocker: dnf notes the owner of each of its locks in a file.
package_blocker() {
	for package_lock in /var/lib/dnf/rpmdb_lock.pid /var/cache/dnf/metadata_lock.pid /var/cache/dnf/download_lock.pid; do
		[ -r "$package_lock" ] || continue
		package_pid=''
		read -r package_pid <"$package_lock" || [ -n "$package_pid" ] || continue
		[ -d "/proc/${package_pid:-none}" ] || continue
		package_process "$package_pid"
		case $package_owner in
		*dnf* | *yum* | *packagekit*) ;;
		*) continue ;; # another process got that number since
		esac
		package_owner="$package_owner ($package_lock)"
		return 0
	done
	return 1
}
