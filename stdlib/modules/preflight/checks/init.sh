# systemd runs the host: services are its units.

read -r init </proc/1/comm
if [ ! -d /run/systemd/system ]; then
	fail "expected systemd as init, found $init; take a host that boots with systemd"
fi
command -v systemctl >/dev/null || fail "systemd runs the host but there is no systemctl; install systemd's own tools"
