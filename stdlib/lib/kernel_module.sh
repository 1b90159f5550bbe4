# kernel_module: a kernel module, loaded now and at every boot. What is built into the
# kernel counts as loaded.

kernel_module_args() {
	kernel_module_name='' kernel_module_options=''
	for kernel_module_arg in "$@"; do
		case $kernel_module_arg in
		name=*) kernel_module_name=${kernel_module_arg#*=} ;;
		options=*) kernel_module_options=${kernel_module_arg#*=} ;;
		*) bug "kernel_module: unknown argument ${kernel_module_arg%%=*}" ;;
		esac
	done
	case $kernel_module_name in
	'' | -* | *[!A-Za-z0-9_-]*) fail "$kernel_module_name: not the name of a kernel module" ;;
	esac
	kernel_module_names
	kernel_module_load=/etc/modules-load.d/sprayc-$kernel_module_under.conf
	kernel_module_conf=/etc/modprobe.d/sprayc-$kernel_module_under.conf
}

# kernel_module_names: kernel_module_under is the name with underscores, as the kernel shows
# it; kernel_module_pattern matches its file's name, in which either may stand.
kernel_module_names() {
	kernel_module_under='' kernel_module_pattern='' kernel_module_rest=$kernel_module_name
	while :; do
		kernel_module_part=${kernel_module_rest%%[-_]*}
		kernel_module_under=$kernel_module_under$kernel_module_part
		kernel_module_pattern=$kernel_module_pattern$kernel_module_part
		[ "$kernel_module_part" != "$kernel_module_rest" ] || break
		kernel_module_under=${kernel_module_under}_
		kernel_module_pattern="${kernel_module_pattern}[-_]"
		kernel_module_rest=${kernel_module_rest#"$kernel_module_part"?}
	done
}

# kernel_module_is_in: loaded, or built in. Costs no process.
kernel_module_is_in() {
	[ ! -d "/sys/module/$kernel_module_under" ] || return 0
	if [ -r /proc/modules ]; then
		while read -r kernel_module_line kernel_module_rest; do
			[ "$kernel_module_line" != "$kernel_module_under" ] || return 0
		done </proc/modules
	fi
	kernel_module_release=''
	[ ! -r /proc/sys/kernel/osrelease ] || read -r kernel_module_release </proc/sys/kernel/osrelease || :
	kernel_module_list=/lib/modules/$kernel_module_release/modules.builtin
	[ -r "$kernel_module_list" ] || return 1
	while read -r kernel_module_line; do
		# The pattern is meant as one.
		# shellcheck disable=SC2254
		case $kernel_module_line in
		*/$kernel_module_pattern.ko) return 0 ;;
		esac
	done <"$kernel_module_list"
	return 1
}

kernel_module_collect() {
	dropin_collect "$kernel_module_load"
	[ -z "$kernel_module_options" ] || dropin_collect "$kernel_module_conf"
}

kernel_module_probe() {
	kernel_module_is_in || differs 'not loaded'
	dropin_is "$kernel_module_load" "$kernel_module_name
" || differs "$kernel_module_load: $dropin_why"
	if [ -n "$kernel_module_options" ]; then
		dropin_is "$kernel_module_conf" "options $kernel_module_name $kernel_module_options
" || differs "$kernel_module_conf: $dropin_why"
	fi
	ok
}

kernel_module_foresee() {
	dropin_foresee "$kernel_module_load" "$kernel_module_name
"
	[ -z "$kernel_module_options" ] || dropin_foresee "$kernel_module_conf" "options $kernel_module_name $kernel_module_options
"
}

kernel_module_before() {
	before_text=none
	! kernel_module_is_in || before_text='was loaded'
}

# The options come first: they count only when the module is loaded.
kernel_module_act() {
	if [ -n "$kernel_module_options" ]; then
		dropin_put "$kernel_module_conf" "options $kernel_module_name $kernel_module_options
"
	fi
	if ! kernel_module_is_in; then
		kernel_module_said=$(modprobe -- "$kernel_module_name" 2>&1) || kernel_module_complain
	fi
	dropin_put "$kernel_module_load" "$kernel_module_name
"
}

# kernel_module_complain: why modprobe may have failed, in a person's words.
kernel_module_complain() {
	if ! command -v modprobe >/dev/null; then
		fail "$kernel_module_name: not loaded, and there is no modprobe (package kmod) to load it"
	elif [ ! -d "/lib/modules/$kernel_module_release" ]; then
		fail "$kernel_module_name: not loaded, and /lib/modules has nothing for the running kernel $kernel_module_release (updated and not yet rebooted, or a container)"
	fi
	fail "$kernel_module_name: kernel $kernel_module_release does not load it: $kernel_module_said"
}
