# The daemon offers what kubelet asks for.
#
# SOCKET       where the daemon listens
# SNAPSHOTTER  the definition's snapshotter

plugins=$(ctr --address "$SOCKET" --connect-timeout 10s plugins ls) || fail "containerd does not list its plugins on $SOCKET"
for plugin in io.containerd.cri.v1.images io.containerd.cri.v1.runtime io.containerd.grpc.v1.cri "io.containerd.snapshotter.v1.$SNAPSHOTTER"; do
	state=$(printf '%s\n' "$plugins" | awk -v plugin="$plugin" '$1 "." $2 == plugin { print $NF }') || fail 'awk does not work'
	found "plugin $plugin of containerd" ok "$state" 'ctr plugins ls' 'look at: journalctl -u containerd.service'
done
