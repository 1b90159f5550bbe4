# undo_package, rhel family: rpm refuses all when something else needs one of them. Then each
# is tried by itself for as long as that takes one away.

undo_take() {
	package_program rpm
	if package_said=$("$package_program" -e --allmatches "$@" 2>&1); then
		package_log
		return 0
	fi
	package_log
	undo_more=true
	while [ "$undo_more" = true ]; do
		undo_more=false
		for undo_name in "$@"; do
			"$package_program" -q "$undo_name" >/dev/null 2>&1 || continue
			if package_said=$("$package_program" -e --allmatches "$undo_name" 2>&1); then undo_more=true; fi
			package_log
		done
	done
}
