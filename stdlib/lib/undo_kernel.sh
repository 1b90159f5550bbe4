# undo_kernel: parameters, modules, swap and mounts as they were before.

undo_is_sysctl() {
	sysctl_key=$1
	sysctl_locate
	remove_why=gone
	[ -e "$sysctl_live" ] || return 1
	! undo_unknown sysctl "$1" || return 1
	record_value value || return 1
	sysctl_now || return 1
	undo_value=${record_value#* }
	[ "$sysctl_now" != "$undo_value" ] || return 1
	[ "$sysctl_now" != "$2" ] || return 0
	sysctl_hide
	remove_why="is $sysctl_now, and not as we set it"
	return 1
}

undo_do_sysctl() {
	undo_text=$record_of
	while [ -n "$undo_text" ]; do
		undo_line=${undo_text%%"$spray_nl"*}
		undo_text=${undo_text#*"$spray_nl"}
		case $undo_line in
		'value '* | 'also '*) undo_line=${undo_line#* } ;;
		*) continue ;;
		esac
		undo_write "${undo_line%% *}" "${undo_line#* }"
	done
}

# undo_write FILE VALUE: below /proc/sys; of a network interface that is gone there is none.
undo_write() {
	if [ ! -e "$1" ]; then return 0; fi
	printf '%s\n' "$2" 2>/dev/null >"$1" || note "the kernel does not take $2 for $1 again"
}

undo_is_kernel_module() {
	remove_why=gone
	record_of kernel_module "$1" || return 1
	kernel_module_name=$1
	kernel_module_names
	case $record_of in
	none*) kernel_module_is_in ;;
	*) return 1 ;;
	esac
}

undo_do_kernel_module() {
	modprobe -r -- "$1" || note "the kernel module $1 is in use and stays loaded until the next boot"
}

undo_is_swap() {
	! undo_unknown swap "$1" || return 1
	remove_why=gone
	undo_swap
	[ -n "$undo_units$undo_devices$undo_fstab" ]
}

# undo_swap: undo_units are the masks that are ours and still there, undo_devices what is not
# in use any more, undo_fstab whether lines of ours are left in /etc/fstab.
undo_swap() {
	undo_units='' undo_devices='' undo_fstab=''
	record_value units || :
	for undo_name in $record_value; do
		! swap_is_masked "$undo_name" || undo_units="$undo_units $undo_name"
	done
	swap_devices
	record_value devices || :
	for undo_name in $record_value; do
		case " $swap_devices " in
		*" $undo_name "*) ;;
		*) [ ! -e "$undo_name" ] || undo_devices="$undo_devices $undo_name" ;;
		esac
	done
	remove_lines=''
	[ -r /etc/fstab ] || return 0
	while IFS= read -r undo_line || [ -n "$undo_line" ]; do
		case $undo_line in
		'# sprayc: swap is off: '*) undo_fstab=true undo_line=${undo_line#'# sprayc: swap is off: '} ;;
		esac
		remove_lines=$remove_lines$undo_line$spray_nl
	done </etc/fstab
}

undo_do_swap() {
	undo_swap
	if [ -n "$undo_fstab" ]; then
		stat_of /etc/fstab
		put /etc/fstab root root "${stat_of##* }" remove_print
	fi
	for undo_name in $undo_units; do
		systemctl unmask "$undo_name" || fail "cannot unmask $undo_name"
	done
	[ ! -d /run/systemd/system ] || systemctl daemon-reload || fail 'systemctl daemon-reload failed'
	for undo_name in $undo_devices; do
		swapon "$undo_name" || note "swapon $undo_name failed: it was in use before"
	done
}

# A mount that was there before has its options again; one that is ours goes, with its line.
undo_is_mount() {
	! undo_unknown mount "$1" || return 1
	remove_why=gone
	undo_mount "$1"
	case $2:$undo_was:$undo_live in
	mounted::true | unmounted:?*:) return 0 ;;
	mounted:?*:true) [ "$undo_was" != "$mount_now_device $mount_now_type $mount_now_options" ] || [ -n "$undo_has" ] ;;
	*) [ -n "$undo_has" ] ;;
	esac
}

# undo_mount PATH: undo_was is what was mounted there, undo_live whether something is,
# undo_has whether /etc/fstab has our line.
undo_mount() {
	mount_path=$1 undo_was='' undo_live='' undo_has=''
	fstab_encode "$1"
	mount_field=$fstab_encoded
	! record_value was || undo_was=$record_value
	! mount_live || undo_live=true
	record_value line || return 0
	undo_line=$record_value
	[ -r /etc/fstab ] && text_of /etc/fstab || return 0
	case $spray_nl$text_of$spray_nl in
	*"$spray_nl$undo_line$spray_nl"*) undo_has=true ;;
	esac
}

undo_do_mount() {
	undo_mount "$1"
	if [ -n "$undo_has" ] && [ "$2" = mounted ]; then undo_without /etc/fstab "$undo_line"; fi
	case $2:$undo_was:$undo_live in
	mounted::true) umount "$1" || remove_why='it cannot be unmounted: is it in use?' ;;
	unmounted:?*:) mount "$1" || remove_why='it cannot be mounted again' ;;
	mounted:?*:true) mount -o "remount,${undo_was##* }" "$1" || note "$1 cannot be mounted with its options of before" ;;
	esac
	[ ! -d /run/systemd/system ] || systemctl daemon-reload || fail 'systemctl daemon-reload failed'
}
