# MIN_MIB  least memory

# Arithmetic is awk's: some shells count in 32 bits.
size=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
is="$MIN_MIB MiB or more"
[ "$size" -ge "$MIN_MIB" ] || is="$size MiB"
found memory "$MIN_MIB MiB or more" "$is" "/proc/meminfo: $size MiB" 'give the host more, or lower the minimum in the preflight block'
