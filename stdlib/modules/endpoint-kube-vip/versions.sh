# Which kube-vip this control plane has already: the image that the kubelet's manifest of it names.
# It keeps nothing, so each goes to any other.
#
# OPERATION  what is run: converge, upgrade, ...; report only tells
# IMAGE      that of the definition

manifest=/etc/kubernetes/manifests/kube-vip.yaml
[ -e "$manifest" ] || return 0
image=$(awk '$1 == "image:" || $1 == "\"image\":" { gsub(/["\047]/, "", $2); print $2; exit }' "$manifest") || fail "cannot read $manifest"
[ -n "$image" ] || fail "$manifest names no image"
# One with iptables is no other version.
want=$(version_tag "$IMAGE")
have=$(version_tag "$image")
version "$OPERATION" endpoint 'any back-any' 'version of kube-vip that this control plane has' "${want%-iptables}" "${have%-iptables}" "$manifest" ''
