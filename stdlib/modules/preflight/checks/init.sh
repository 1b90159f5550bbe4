# systemd runs the host: services are its units.

read -r init </proc/1/comm
[ ! -d /run/systemd/system ] || init=systemd
found 'the init system' systemd "$init" '/run/systemd/system, /proc/1/comm' 'take a host that boots with systemd'
[ "$init" = systemd ] || return 0
command -v systemctl >/dev/null || fail "systemd runs the host but there is no systemctl; install systemd's own tools"
