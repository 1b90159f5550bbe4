# mount: a line of /etc/fstab, found by its whole second field, and the mount itself.

mount_args() {
	mount_path='' mount_device='' mount_type=auto mount_options='' mount_check=0 mount_state=mounted
	for mount_arg in "$@"; do
		case $mount_arg in
		path=*) mount_path=${mount_arg#*=} ;;
		device=*) mount_device=${mount_arg#*=} ;;
		type=*) mount_type=${mount_arg#*=} ;;
		options=*) mount_options=$mount_options${mount_options:+,}${mount_arg#*=} ;;
		check=*) mount_check=${mount_arg#*=} ;;
		state=*) mount_state=${mount_arg#*=} ;;
		*) bug "mount: unknown argument ${mount_arg%%=*}" ;;
		esac
	done
	: "${mount_options:=defaults}"
	case $mount_path in
	/?*) mount_path=${mount_path%/} ;;
	*) fail "\"$mount_path\": not the absolute path of a folder" ;;
	esac
	case $mount_device$mount_type$mount_options in
	*[" 	$spray_nl"]*) fail "$mount_path: a blank in device, type or options" ;;
	esac
	fstab_encode "$mount_path"
	mount_field=$fstab_encoded
	own_digest=$mount_state
	mount_line="$mount_device $mount_field $mount_type $mount_options 0 $mount_check"
}

mount_collect() { :; }

mount_fstab() {
	if [ -r /etc/fstab ]; then mount_lines </etc/fstab; else mount_lines </dev/null; fi
}

# mount_lines <FSTAB: mount_found is how many lines have this path, mount_same whether the line is
# as wanted, mount_text the whole file as wanted.
mount_lines() {
	mount_found=0 mount_same=false mount_text=''
	while IFS= read -r mount_read || [ -n "$mount_read" ]; do
		if fstab_fields "$mount_read" && [ "$fstab_path" = "$mount_field" ]; then
			mount_found=$((mount_found + 1))
			[ "$fstab_device $fstab_path $fstab_type $fstab_options $fstab_dump $fstab_pass" != "$mount_line" ] || mount_same=true
			[ "$mount_state" = mounted ] || continue
			mount_text=$mount_text$mount_line$spray_nl
		else
			mount_text=$mount_text$mount_read$spray_nl
		fi
	done
	if [ "$mount_found" -eq 0 ] && [ "$mount_state" = mounted ]; then
		mount_text=$mount_text$mount_line$spray_nl
	fi
}

# mount_live: mount_now_device, mount_now_type and mount_now_options of what is mounted
# there (the uppermost); 1 when nothing is.
mount_live() {
	mount_now_device=''
	while read -r mount_a mount_b mount_c mount_d mount_read; do
		[ "$mount_b" = "$mount_field" ] || continue
		mount_now_device=$mount_a mount_now_type=$mount_c mount_now_options=$mount_d
	done </proc/mounts
	[ -n "$mount_now_device" ]
}

# mount_is_other: what is mounted there is not what is wanted; mount_why says how.
mount_is_other() {
	case ,$mount_options, in
	*,bind,* | *,rbind,*) return 1 ;; # the kernel shows the filesystem below
	esac
	case $mount_type in
	auto | none | nfs | fuse* | "$mount_now_type") ;;
	*)
		mount_why="a $mount_now_type is mounted there, not a $mount_type"
		return 0
		;;
	esac
	[ "$mount_now_device" != "$mount_device" ] || return 1
	mount_resolve "$mount_device"
	mount_wanted=$mount_resolved
	mount_resolve "$mount_now_device"
	[ "$mount_resolved" != "$mount_wanted" ] || return 1
	mount_why="$mount_now_device is mounted there, not $mount_device"
}

# mount_resolve DEVICE: mount_resolved is the block device that a tag or a link names.
mount_resolve() {
	mount_resolved=${1#*=}
	mount_resolved=${mount_resolved#\"}
	mount_resolved=${mount_resolved%\"}
	case $1 in
	UUID=*) mount_resolved=/dev/disk/by-uuid/$mount_resolved ;;
	LABEL=*) mount_resolved=/dev/disk/by-label/$mount_resolved ;;
	PARTUUID=*) mount_resolved=/dev/disk/by-partuuid/$mount_resolved ;;
	PARTLABEL=*) mount_resolved=/dev/disk/by-partlabel/$mount_resolved ;;
	*) mount_resolved=$1 ;;
	esac
	case $mount_resolved in
	/dev/*) mount_resolved=$(readlink -f "$mount_resolved") || : ;; # no such device: differs from any
	esac
}

# mount_lacks: mount_lacking are the wanted options that the kernel would show and does not.
mount_lacks() {
	mount_lacking=''
	IFS=,
	set -f
	# shellcheck disable=SC2086 # the options
	set -- $mount_options
	set +f
	IFS=' 	
'
	for mount_option; do
		case $mount_option in
		ro | rw | nosuid | nodev | noexec | noatime | nodiratime | relatime | sync | dirsync) ;;
		*) continue ;;
		esac
		case ,$mount_now_options, in
		*",$mount_option,"*) ;;
		*) mount_lacking=$mount_lacking${mount_lacking:+,}$mount_option ;;
		esac
	done
	[ -n "$mount_lacking" ]
}

mount_probe() {
	mount_fstab
	if [ "$mount_state" = unmounted ]; then
		[ "$mount_found" -eq 0 ] || differs '/etc/fstab has it'
		if mount_live; then differs "$mount_now_device is mounted there"; fi
		ok
		return 0
	fi
	case $mount_found$mount_same in
	1true) ;;
	0*) differs '/etc/fstab does not have it' ;;
	1*) differs "its line in /etc/fstab is not the wanted one" ;;
	*) differs "/etc/fstab has $mount_found lines for it" ;;
	esac
	case ,$mount_options, in
	*,noauto,*)
		ok
		return 0
		;;
	esac
	if ! mount_live; then
		differs 'not mounted'
	elif mount_is_other; then
		differs "$mount_why"
	elif mount_lacks; then
		differs "mounted without $mount_lacking"
	fi
	ok
}

mount_before() {
	before_text="line $mount_line$spray_nl"none
	! mount_live || before_text="line $mount_line${spray_nl}was $mount_now_device $mount_now_type $mount_now_options"
}

# mount_foresee: where there are several lines the act fails.
mount_foresee() {
	[ -f /etc/fstab ] || return 0
	case $mount_state:$mount_found$mount_same in
	mounted:1true | unmounted:0*) return 0 ;;
	mounted:[01]* | unmounted:1*) ;;
	*) return 0 ;;
	esac
	edit /etc/fstab mount_lines
	edit_is /etc/fstab "$mount_text" "$mount_line"
}

mount_act() {
	mount_fstab
	if [ "$mount_found" -gt 1 ]; then
		fail "/etc/fstab has $mount_found lines for $mount_path: which of them is meant is for a person to say"
	fi
	if [ "$mount_state" = unmounted ]; then
		[ "$mount_found" -eq 0 ] || fstab_put "$mount_text"
		if mount_live; then umount "$mount_path" || fail "cannot unmount $mount_path"; fi
		return 0
	fi
	if mount_live && mount_is_other; then fail "$mount_path: $mount_why"; fi
	[ "$mount_found$mount_same" = 1true ] || fstab_put "$mount_text"
	case ,$mount_options, in
	*,noauto,*) return 0 ;;
	esac
	if ! mount_live; then
		put_mkdir "$mount_path"
		mount "$mount_path" || fail "cannot mount $mount_device on $mount_path"
	elif mount_lacks; then
		mount -o "remount,$mount_options" "$mount_path" || fail "cannot remount $mount_path with $mount_options"
	fi
}
