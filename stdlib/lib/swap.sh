# swap: off now, and not back after a reboot, whoever would bring it back.

swap_args() {
	swap_name='' swap_state=off
	for swap_arg in "$@"; do
		case $swap_arg in
		name=*) swap_name=${swap_arg#*=} ;;
		state=*) swap_state=${swap_arg#*=} ;;
		*) bug "swap: unknown argument ${swap_arg%%=*}" ;;
		esac
	done
	[ "$swap_state" = off ] || bug "swap: state \"$swap_state\""
}

swap_collect() { dropin_collect /etc/systemd/zram-generator.conf; }

# swap_devices: swap_devices are those in use, one space between.
swap_devices() {
	swap_devices=''
	[ -r /proc/swaps ] || return 0
	while read -r swap_device swap_skip; do
		case $swap_device in
		/*) swap_devices="$swap_devices${swap_devices:+ }$swap_device" ;;
		esac
	done </proc/swaps
}

swap_fstab() {
	if [ -r /etc/fstab ]; then swap_read </etc/fstab; else swap_read </dev/null; fi
}

# swap_read <FSTAB: swap_lines are the lines of /etc/fstab that bring swap back, swap_text the
# whole file with those as comments.
swap_read() {
	swap_lines='' swap_text=''
	while IFS= read -r swap_line || [ -n "$swap_line" ]; do
		if fstab_fields "$swap_line" && [ "$fstab_type" = swap ]; then
			swap_lines="$swap_lines${swap_lines:+, }$fstab_device"
			swap_text="$swap_text# sprayc: swap is off: $swap_line$spray_nl"
		else
			swap_text=$swap_text$swap_line$spray_nl
		fi
	done
}

# swap_units: swap_units are the units to mask that are not: swap.target always, and what
# packages install to make swap at boot.
swap_units() {
	swap_units=''
	[ -d /run/systemd/system ] || return 0
	swap_is_masked swap.target || swap_units=swap.target
	for swap_unit in zramswap.service zram-config.service dphys-swapfile.service; do
		swap_is_masked "$swap_unit" && continue
		for swap_folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
			[ -e "$swap_folder/$swap_unit" ] || continue
			swap_units="$swap_units${swap_units:+ }$swap_unit"
			break
		done
	done
}

# A masked unit is a link to /dev/null.
swap_is_masked() { [ -h "/etc/systemd/system/$1" ] && [ -c "/etc/systemd/system/$1" ]; }

# swap_zram: 0 when the zram generator is installed and not switched off by an empty file.
swap_zram() {
	for swap_folder in /usr/lib/systemd/system-generators /lib/systemd/system-generators; do
		[ -e "$swap_folder/zram-generator" ] || continue
		[ ! -e /etc/systemd/zram-generator.conf ] || [ -s /etc/systemd/zram-generator.conf ] || return 1
		return 0
	done
	return 1
}

swap_probe() {
	swap_devices
	[ -z "$swap_devices" ] || differs "in use: $swap_devices"
	swap_fstab
	[ -z "$swap_lines" ] || differs "/etc/fstab brings it back: $swap_lines"
	swap_units
	[ -z "$swap_units" ] || differs "not masked: $swap_units"
	if swap_zram; then differs 'the zram generator is not switched off'; fi
	ok
}

swap_foresee() {
	[ -z "$swap_lines" ] || {
		edit /etc/fstab swap_read
		edit_is /etc/fstab "$swap_text" ''
	}
	! swap_zram || dropin_foresee /etc/systemd/zram-generator.conf ''
}

swap_before() {
	swap_devices
	swap_units
	before_text="devices $swap_devices${spray_nl}units $swap_units"
}

# What would bring it back goes first: a reboot between must not.
swap_act() {
	swap_fstab
	[ -z "$swap_lines" ] || fstab_put "$swap_text"
	if swap_zram; then
		dropin_put /etc/systemd/zram-generator.conf ''
	fi
	swap_units
	for swap_unit in $swap_units; do
		systemctl mask "$swap_unit" || fail "cannot mask $swap_unit"
		[ "$swap_unit" = swap.target ] || systemctl stop "$swap_unit" || fail "cannot stop $swap_unit"
	done
	swap_devices
	[ -z "$swap_devices" ] || swapoff -a || fail "cannot switch off $swap_devices: is there memory enough for what is in it?"
}
