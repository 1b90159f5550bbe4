# The endpoint's name has an address, as this host resolves names.
#
# NAME  the name

addresses=$(getent ahosts "$NAME") || addresses=
is=
[ -z "$addresses" ] || is='an address'
found "$NAME" 'an address' "$is" 'getent ahosts' 'add the name in control_plane_endpoint to DNS, or to extra_hosts in the os block'
