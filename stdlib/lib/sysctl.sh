# sysctl: a kernel parameter, now (/proc/sys) and after a reboot (a file of its own
# below /etc/sysctl.d). Files that are not ours are never edited.

sysctl_args() {
	sysctl_key='' sysctl_value='' sysctl_ignore_missing=false
	for sysctl_arg in "$@"; do
		case $sysctl_arg in
		key=*) sysctl_key=${sysctl_arg#*=} ;;
		value=*) sysctl_value=${sysctl_arg#*=} ;;
		ignore_missing=*) sysctl_ignore_missing=${sysctl_arg#*=} ;;
		*) bug "sysctl: unknown argument ${sysctl_arg%%=*}" ;;
		esac
	done
	case $sysctl_key in
	'' | /* | *..* | *//* | *[!A-Za-z0-9_./:@-]*) fail "$sysctl_key: not the name of a kernel parameter" ;;
	esac
	sysctl_locate
	sysctl_words "$sysctl_value"
	sysctl_wanted=$sysctl_words own_digest=$sysctl_words
	sysctl_text="$sysctl_key = $sysctl_value
"
	[ "$sysctl_ignore_missing" != true ] || sysctl_text=-$sysctl_text
}

# sysctl_locate: sysctl_live is the file below /proc/sys, sysctl_file ours. As in sysctl.d(5),
# when the first separator is a dot then dots and slashes change places.
sysctl_locate() {
	sysctl_part=${sysctl_key%%[./]*} sysctl_live='' sysctl_name='' sysctl_rest=$sysctl_key
	sysctl_dot=/ sysctl_slash=.
	case $sysctl_key in
	"$sysctl_part"/*) sysctl_dot=. sysctl_slash=/ ;;
	esac
	while :; do
		sysctl_part=${sysctl_rest%%[./]*}
		sysctl_live=$sysctl_live$sysctl_part
		sysctl_name=$sysctl_name$sysctl_part
		case $sysctl_rest in
		"$sysctl_part".*)
			sysctl_live=$sysctl_live$sysctl_dot sysctl_name=$sysctl_name.
			sysctl_rest=${sysctl_rest#"$sysctl_part".}
			;;
		"$sysctl_part"/*)
			sysctl_live=$sysctl_live$sysctl_slash sysctl_name=$sysctl_name:
			sysctl_rest=${sysctl_rest#"$sysctl_part"/}
			;;
		*) break ;;
		esac
	done
	sysctl_live=/proc/sys/$sysctl_live
	sysctl_file=/etc/sysctl.d/99-zz-sprayc-$sysctl_name.conf
}

# sysctl_words TEXT: sysctl_words is TEXT with each run of blanks as one space.
sysctl_words() {
	set -f
	# shellcheck disable=SC2086 # splitting is what is wanted
	set -- $1
	set +f
	sysctl_words=$*
}

# sysctl_now: sysctl_now is the running value; 1 when it cannot be read (write-only ones).
sysctl_now() {
	sysctl_now=''
	text_of "$sysctl_live" || return 1
	sysctl_words "$text_of"
	sysctl_now=$sysctl_words
	[ -n "$sysctl_now" ]
}

sysctl_collect() {
	dropin_collect "$sysctl_file"
	want_text "$sysctl_live"
}

sysctl_probe() {
	if [ ! -e "$sysctl_live" ]; then
		if [ "$sysctl_ignore_missing" != true ]; then
			sysctl_hint
			blocked kernel_module "$sysctl_key: this kernel has no such parameter$sysctl_hint"
		fi
	elif sysctl_now && [ "$sysctl_now" != "$sysctl_wanted" ]; then
		sysctl_hide
		differs "is $sysctl_now, not $sysctl_wanted"
	fi
	dropin_is "$sysctl_file" "$sysctl_text" || differs "$sysctl_file: $dropin_why"
	ok
}

# sysctl_hide: what only root may read is not told.
sysctl_hide() {
	case $(stat -c %a "$sysctl_live") in
	*[4567]) ;;
	*) sysctl_now='another value' ;;
	esac
}

sysctl_foresee() { dropin_foresee "$sysctl_file" "$sysctl_text"; }

# sysctl_hint: which module brings the parameter, where that is known.
sysctl_hint() {
	case $sysctl_live in
	/proc/sys/net/bridge/*) sysctl_hint=' (module br_netfilter is not loaded)' ;;
	/proc/sys/net/netfilter/*) sysctl_hint=' (module nf_conntrack is not loaded)' ;;
	/proc/sys/net/ipv6/*) sysctl_hint=' (IPv6 is disabled)' ;;
	*) sysctl_hint='' ;;
	esac
}

# sysctl_before: of a parameter that the kernel sets others by, these too.
sysctl_before() {
	before_text=none
	if ! text_of "$sysctl_live"; then return 0; fi
	sysctl_words "$text_of"
	before_text="value $sysctl_live $sysctl_words"
	set --
	case $sysctl_live in
	/proc/sys/net/ipv4/ip_forward | /proc/sys/net/ipv4/conf/all/forwarding)
		set -- /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/all/accept_redirects
		;;
	/proc/sys/net/ipv6/conf/all/forwarding) set -- /proc/sys/net/ipv6/conf/*/forwarding ;;
	esac
	for sysctl_other in "$@"; do
		if [ "$sysctl_other" = "$sysctl_live" ] || ! text_of "$sysctl_other"; then continue; fi
		before_text="$before_text${spray_nl}also $sysctl_other $text_of"
	done
}

# sysctl_settles: what it changed is probed together with others (settle.sh).
sysctl_settles() { :; }

sysctl_act() {
	if [ -e "$sysctl_live" ]; then
		if ! sysctl_now || [ "$sysctl_now" != "$sysctl_wanted" ]; then
			sysctl_write 2>/dev/null || fail "$sysctl_key: the kernel refuses the value $sysctl_value"
		fi
	elif [ "$sysctl_ignore_missing" != true ]; then
		sysctl_hint
		fail "$sysctl_key: this kernel has no such parameter$sysctl_hint"
	fi
	dropin_put "$sysctl_file" "$sysctl_text"
}

sysctl_write() { printf '%s\n' "$sysctl_value" >"$sysctl_live"; }
