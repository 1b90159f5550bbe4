# MIN_MIB  least memory

kib=$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)
if [ "$((kib / 1024))" -lt "$MIN_MIB" ]; then
	fail "expected at least $MIN_MIB MiB of memory, found $((kib / 1024)); give the host more, or lower the minimum in the preflight block"
fi
