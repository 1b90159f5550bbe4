# MIN_MIB  least memory

# Arithmetic is awk's: some shells count in 32 bits.
found=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
if [ "$found" -lt "$MIN_MIB" ]; then
	fail "expected at least $MIN_MIB MiB of memory, found $found; give the host more, or lower the minimum in the preflight block"
fi
