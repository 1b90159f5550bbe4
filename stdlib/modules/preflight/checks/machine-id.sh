# A copied machine has the id of its original, and pod networks and DHCP mix
# them up. Here only what one host can see by itself.

id=
if [ -r /etc/machine-id ]; then
	read -r id </etc/machine-id || [ -n "$id" ] || id=
fi
case $id in
'' | uninitialized) fail "/etc/machine-id is ${id:-empty}; run: systemd-machine-id-setup" ;;
*[!0-9a-f]*) fail "/etc/machine-id is not 32 hex digits; remove it and run: systemd-machine-id-setup" ;;
esac
[ "${#id}" -eq 32 ] || fail "/etc/machine-id has ${#id} characters, expected 32; remove it and run: systemd-machine-id-setup"
case $id in
*[!0]*) found /etc/machine-id 'an id' 'an id' '32 hex digits' ;;
*) fail "/etc/machine-id is all zeros; remove it and run: systemd-machine-id-setup" ;;
esac
