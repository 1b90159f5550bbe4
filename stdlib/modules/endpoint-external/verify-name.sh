# The endpoint's name has an address, as this host resolves names.
#
# NAME  the name

found=$(getent ahosts "$NAME") || fail "this host finds no address of $NAME, the name in control_plane_endpoint; add it to DNS, or to extra_hosts in the os block"
[ -n "$found" ] || fail "this host finds no address of $NAME, the name in control_plane_endpoint; add it to DNS, or to extra_hosts in the os block"
