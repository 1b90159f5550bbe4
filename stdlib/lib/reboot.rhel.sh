# reboot, rhel family: one of the packages for which needs-restarting asks for a restart was
# installed since the boot: kernels, and what all processes have in use. rpm alone tells.

reboot_system() {
	reboot_why='' reboot_list=''
	reboot_since=0
	while read -r reboot_word reboot_number reboot_skip; do
		[ "$reboot_word" != btime ] || reboot_since=$reboot_number
	done </proc/stat
	process_start 1
	reboot_since=$((reboot_since + ${process_start:-0} / 100)) # a tick is 1/100 s; in a container the boot is its process 1
	reboot_said=$(rpm -q --qf '%{NAME}-%{VERSION}-%{RELEASE} %{INSTALLTIME}\n' kernel kernel-core kernel-rt kernel-rt-core \
		glibc linux-firmware systemd systemd-udev openssl-libs gnutls dbus-daemon dbus-broker) || : # tolerate: not all are installed
	while read -r reboot_word reboot_number reboot_skip; do
		case $reboot_number in
		'' | *[!0-9]*) continue ;; # "package NAME is not installed"
		esac
		if [ "$reboot_number" -gt "$reboot_since" ]; then reboot_list="$reboot_list${reboot_list:+, }$reboot_word"; fi
	done <<-EOT
		$reboot_said
	EOT
	[ -z "$reboot_list" ] || reboot_why="installed since the boot: $reboot_list"
}
