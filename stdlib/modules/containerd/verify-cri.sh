# The daemon offers what kubelet asks for.
#
# SOCKET       where the daemon listens
# SNAPSHOTTER  the definition's snapshotter

plugins=$(ctr --address "$SOCKET" --connect-timeout 10s plugins ls) || fail "containerd does not list its plugins on $SOCKET"

# want TYPE ID: that plugin is loaded and works.
want() {
	state=$(printf '%s\n' "$plugins" | awk -v type="$1" -v id="$2" '$1 == type && $2 == id { print $NF }')
	case $state in
	ok) ;;
	'') differs "the running containerd has no plugin $1.$2" ;;
	*) differs "containerd's plugin $1.$2 is in state $state, expected ok; look at: journalctl -u containerd.service" ;;
	esac
}

want io.containerd.cri.v1 images
want io.containerd.cri.v1 runtime
want io.containerd.grpc.v1 cri
want io.containerd.snapshotter.v1 "$SNAPSHOTTER"
