# undo_package, debian family: dpkg refuses for each that something else needs, and purges the
# others: their configuration was not there before either.

undo_take() {
	package_program dpkg
	package_said=$(
		export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical
		"$package_program" --purge "$@" </dev/null 2>&1
	) || :
	package_log
}
