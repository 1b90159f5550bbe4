# reboot, debian family: /boot has a newer kernel than the one that runs, of the same flavour.
# (What else needs a restart says so in /run/reboot-required, where a package for that is
# installed.)

reboot_system() {
	reboot_why=''
	reboot_running=$(uname -r) || fail 'uname does not work'
	reboot_flavour=${reboot_running#"${reboot_running%%[a-z]*}"}
	reboot_newest=$reboot_running
	for reboot_kernel in /boot/vmlinuz-*; do
		[ -e "$reboot_kernel" ] || continue
		reboot_kernel=${reboot_kernel#/boot/vmlinuz-}
		[ "${reboot_kernel#"${reboot_kernel%%[a-z]*}"}" = "$reboot_flavour" ] || continue
		if dpkg --compare-versions "$reboot_kernel" gt "$reboot_newest"; then reboot_newest=$reboot_kernel; fi
	done
	[ "$reboot_newest" = "$reboot_running" ] || reboot_why="the kernel $reboot_newest is installed, and $reboot_running runs"
}
