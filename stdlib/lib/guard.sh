# guard: the right machine, before anything is done.

run_guards() {
	guard_root
	guard_os
	guard_arch
	guard_name
	guard_address
}

guard_root() {
	[ -w /etc ] || complain 'run this as root'
}

# A release of the RHEL family is known by its major number: 9 is also 9.4.
guard_os() {
	[ -n "$SPRAY_OS_ID" ] || return 0
	guard_id='' guard_version=''
	[ -r /etc/os-release ] || complain 'there is no /etc/os-release: which system is this?'
	while IFS='=' read -r guard_key guard_value || [ -n "$guard_key" ]; do
		guard_value=${guard_value#[\"\']}
		guard_value=${guard_value%[\"\']}
		case $guard_key in
		ID) guard_id=$guard_value ;;
		VERSION_ID) guard_version=$guard_value ;;
		esac
	done </etc/os-release
	case $guard_id:$guard_version in
	"$SPRAY_OS_ID:$SPRAY_OS_VERSION" | "$SPRAY_OS_ID:$SPRAY_OS_VERSION".*) ;;
	*)
		[ "$guard_id:" = "$SPRAY_OS_ID:$SPRAY_OS_VERSION" ] ||
			complain "this machine runs ${guard_id:-an unknown system} $guard_version; the bundle's host $SPRAY_HOST is $SPRAY_OS_ID $SPRAY_OS_VERSION"
		;;
	esac
}

guard_arch() {
	if [ -r /proc/sys/kernel/arch ]; then # Linux 6.1
		read -r guard_machine </proc/sys/kernel/arch || complain 'cannot read /proc/sys/kernel/arch'
	else
		guard_machine=$(uname -m) || complain 'uname does not work'
	fi
	case $guard_machine in
	x86_64) guard_machine=amd64 ;;
	aarch64) guard_machine=arm64 ;;
	armv7*) guard_machine=arm ;;
	esac
	[ "$guard_machine" = "$SPRAY_ARCH" ] || complain "this machine is $guard_machine; the bundle's host $SPRAY_HOST is $SPRAY_ARCH"
}

guard_name() {
	[ -r /var/lib/sprayc/host ] || return 0
	read -r guard_host </var/lib/sprayc/host || return 0
	[ "$guard_host" = "$SPRAY_HOST" ] ||
		complain "this machine is $guard_host (/var/lib/sprayc/host), and the bundle is asked for $SPRAY_HOST; if it is to become another, remove that file"
}

guard_address() {
	case $SPRAY_ADDRESS in
	'' | 127.* | ::1) ;;
	*:*) guard_address_6 ;;
	*[!0-9.]*) ;;
	*) guard_address_4 ;;
	esac
}

guard_address_4() {
	[ -r /proc/net/fib_trie ] || return 0
	while read -r guard_mark guard_value guard_rest; do
		[ "$guard_mark $guard_value" != "|-- $SPRAY_ADDRESS" ] || guard_found=$guard_value
		case ${guard_found-}$guard_mark$guard_value$guard_rest in
		"$SPRAY_ADDRESS/32hostLOCAL") return 0 ;;
		esac
		[ "$guard_mark" != '|--' ] || [ "$guard_value" = "$SPRAY_ADDRESS" ] || guard_found=''
	done </proc/net/fib_trie
	complain "no interface of this machine has the address $SPRAY_ADDRESS of host $SPRAY_HOST"
}

# /proc/net/if_inet6 has 32 digits without colons.
guard_address_6() {
	[ -r /proc/net/if_inet6 ] || return 0
	guard_head=${SPRAY_ADDRESS%%::*} guard_tail=''
	case $SPRAY_ADDRESS in
	*::*) guard_tail=${SPRAY_ADDRESS##*::} ;;
	esac
	guard_digits "$guard_head"
	guard_left=$guard_digits
	guard_digits "$guard_tail"
	while [ $((${#guard_left} + ${#guard_digits})) -lt 32 ]; do guard_left=${guard_left}0; done
	while read -r guard_value guard_rest; do
		[ "$guard_value" != "$guard_left$guard_digits" ] || return 0
	done </proc/net/if_inet6
	complain "no interface of this machine has the address $SPRAY_ADDRESS of host $SPRAY_HOST"
}

# guard_digits TEXT: guard_digits is groups such as fd00:1 as fd000001.
guard_digits() {
	guard_digits='' guard_groups=$1
	while [ -n "$guard_groups" ]; do
		guard_group=000${guard_groups%%:*}
		guard_digits=$guard_digits${guard_group#"${guard_group%????}"}
		case $guard_groups in
		*:*) guard_groups=${guard_groups#*:} ;;
		*) guard_groups='' ;;
		esac
	done
}
