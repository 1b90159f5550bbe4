# Whether containers run, in any namespace of the runtime. Without the daemon nobody can say.
#
# SOCKET  of the daemon

if [ ! -S "$SOCKET" ] || ! command -v ctr >/dev/null; then
	ok
	return 0
fi
spaces=$(ctr --address "$SOCKET" namespaces ls --quiet) || fail 'containerd does not answer'
for space in $spaces; do
	tasks=$(ctr --address "$SOCKET" --namespace "$space" tasks ls --quiet) || fail 'containerd does not answer'
	[ -z "$tasks" ] || differs "containers run in the namespace $space"
done
ok
