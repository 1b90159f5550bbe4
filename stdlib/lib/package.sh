# package: a package of the distribution. What the families share; package.FAMILY.sh has
#
#   package_pick          package_real is the name there
#   package_query NAME... one line a package: NAME, VERSION, STATE (present, broken), held or -
#   package_all           one line for each that is installed: its name
#   package_file          the file that changes with all that package_query says, if one does
#   package_is_late       it has changed, and the file has not yet
#   package_install       package_real at package_version, nothing else removed
#   package_uninstall     package_real, unless something needs it
#   package_hold, package_unhold
#   package_blocker       package_owner is who works with the package manager now; 1 if nobody

package_args() {
	package_name='' package_version='' package_hold='' package_debian='' package_rhel=''
	package_recommends=false package_timeout=600 package_state=present
	for package_arg in "$@"; do
		case $package_arg in
		name=*) package_name=${package_arg#*=} ;;
		version=*) package_version=${package_arg#*=} ;;
		hold=*) package_hold=${package_arg#*=} ;;
		debian=*) package_debian=${package_arg#*=} ;;
		rhel=*) package_rhel=${package_arg#*=} ;;
		recommends=*) package_recommends=${package_arg#*=} ;;
		lock_timeout=*) package_timeout=${package_arg#*=} ;;
		state=*) package_state=${package_arg#*=} ;;
		*) bug "package: unknown argument ${package_arg%%=*}" ;;
		esac
	done
	package_real=$package_name
	package_pick
	case $package_real in
	'' | [!A-Za-z0-9]* | *[!A-Za-z0-9+._-]*) fail "\"$package_real\": not the name of a package" ;;
	esac
}

package_collect() { want_package "$package_real"; }

# package_look: package_now is present, broken or absent, package_now_version all versions
# that are installed (a kernel may have several), package_now_held true or false.
package_look() {
	package_of "$package_real"
	package_now=absent package_now_version='' package_now_held=false
	package_rest=$spray_nl$package_of$spray_nl
	while :; do
		case $package_rest in
		*"$spray_nl$package_real$spray_tab"*) ;;
		*) break ;;
		esac
		package_rest=${package_rest#*"$spray_nl$package_real$spray_tab"}
		package_line=${package_rest%%"$spray_nl"*}
		package_rest=$spray_nl${package_rest#*"$spray_nl"}
		package_now_version="$package_now_version${package_now_version:+ }${package_line%%"$spray_tab"*}"
		package_line=${package_line#*"$spray_tab"}
		[ "$package_now" = broken ] || package_now=${package_line%%"$spray_tab"*}
		[ "${package_line#*"$spray_tab"}" != held ] || package_now_held=true
	done
}

# package_is_version: one of the installed versions is the wanted one, whole; "0:" in front
# of either counts for nothing.
package_is_version() {
	[ -n "$package_version" ] || return 0
	for package_each in $package_now_version; do
		[ "${package_each#0:}" != "${package_version#0:}" ] || return 0
	done
	return 1
}

package_probe() {
	package_look
	case $package_state$package_now in
	absentabsent) ;;
	absent*) differs "$package_now_version is installed" ;;
	presentabsent) differs 'not installed' ;;
	presentbroken) differs "$package_now_version is not wholly installed" ;;
	*)
		[ "${SPRAY_MODE-}" != apply ] || package_brought # a run was killed before
		package_is_version || differs "is $package_now_version, not $package_version"
		case $package_hold$package_now_held in
		truefalse) differs 'not held' ;;
		falsetrue) differs 'held' ;;
		esac
		;;
	esac
	ok
}

# package_before: of one that is not there, what is: all else that is there after the act was
# brought by it (package_brought).
package_before() {
	package_look
	before_text="name $package_real${spray_nl}was $package_now $package_now_held $package_now_version"
	if [ "$package_now$package_state" != absentpresent ] || record_of package "$res_name"; then return 0; fi
	package_there=$(package_all) || fail 'the package manager does not say what is installed'
	record packages "$res_name" "$package_there"
}

# package_brought: the record of all that was there becomes one of what has come with it.
package_brought() {
	record_of packages "$res_name" || return 0
	package_there=$spray_nl$record_of package_text=none
	package_rest=$(package_all)$spray_nl || fail 'the package manager does not say what is installed'
	while [ -n "$package_rest" ]; do
		package_line=${package_rest%%"$spray_nl"*}
		package_rest=${package_rest#*"$spray_nl"}
		case $package_there in
		*"$spray_nl$package_line$spray_nl"*) ;;
		*) package_text="$package_text${spray_nl}brought $package_line" ;;
		esac
	done
	record brought "$res_name" "$package_text"
	state_name "packages:$res_name"
	rm -f "$SPRAY_STATE/before/$state_name" || fail "cannot remove $SPRAY_STATE/before/$state_name"
}

package_act() {
	quick_forget_packages
	package_look
	package_was_held=$package_now_held
	if [ "$package_now_held" = true ] && [ -z "$package_hold" ] && package_moves; then
		fail "$package_real is held at $package_now_version, not by sprayc: release it, or say hold here"
	fi
	if [ "$package_state" = absent ]; then
		[ "$package_now_held" = false ] || package_unhold
		package_uninstall
		return 0
	fi
	if [ "$package_now" != present ] || ! package_is_version; then
		[ "$package_now_held" = false ] || package_unhold
		package_install
		package_look
		package_brought
	fi
	case $package_hold$package_now_held in
	truefalse) package_hold ;;
	falsetrue) package_unhold ;;
	esac
}

# package_give_up TEXT: fails, with the hold as it was.
package_give_up() {
	if [ "$package_was_held" = true ] && [ "$package_now" = present ]; then package_hold; fi
	fail "$1"
}

# package_moves: what is installed is to be removed or to become another version.
package_moves() { [ "$package_state" = absent ] || ! package_is_version; }

# package_wait: until nobody else works with the package manager; shows who does, and once a
# minute that it still waits. package_waited counts over all the waits of one act.
package_wait() {
	package_shown=''
	while package_blocker; do
		if [ "$package_waited" -ge "$package_timeout" ]; then
			fail "$package_real: another package manager is still at work after $package_waited s: $package_owner"
		fi
		if [ "$package_shown" != "$package_owner" ] || [ $((package_waited % 60)) -eq 0 ]; then
			note "$package_real: waiting for another package manager ($package_waited s of $package_timeout): $package_owner"
			package_shown=$package_owner
		fi
		sleep 2
		package_waited=$((package_waited + 2))
	done
}

# package_process PID: package_owner names the process by its command, as ps would.
package_process() {
	package_owner="pid $1"
	[ -r "/proc/$1/cmdline" ] || return 0
	package_words=$(tr '\0\n\t' '   ' <"/proc/$1/cmdline" 2>/dev/null) || package_words=''
	[ -z "$package_words" ] || package_owner="pid $1, ${package_words% }"
}

# package_program NAME: package_program is its file. A shell that is busybox's would run an
# applet of the name instead, which is not the package manager.
package_program() {
	package_program=$1
	IFS=:
	for package_folder in $PATH; do
		if [ -x "$package_folder/$1" ]; then
			package_program=$package_folder/$1
			break
		fi
	done
	IFS=" $spray_tab$spray_nl"
}

# package_log: what the package manager said goes to the log, whole.
package_log() {
	cat <<-EOF
		$package_said
	EOF
}

# package_errors: the lines of it that say what went wrong, on one line.
package_errors() {
	package_why='' package_rest=$package_said$spray_nl
	while [ -n "$package_rest" ]; do
		package_line=${package_rest%%"$spray_nl"*}
		package_rest=${package_rest#*"$spray_nl"}
		case $package_line in
		'E: '* | 'Error: '* | 'error: '* | 'dpkg: error'* | ' Problem'* | *' : Depends: '* | "$spray_tab"*)
			package_why="$package_why${package_why:+ }${package_line#"$spray_tab"}"
			;;
		esac
	done
	[ -n "$package_why" ] || package_why='the log says why'
}
