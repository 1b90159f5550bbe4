# MIN  the oldest kernel, MAJOR.MINOR

read -r release </proc/sys/kernel/osrelease
major=${release%%.*}
minor=${release#*.}
minor=${minor%%[!0-9]*}
is="$MIN or later"
if [ "$major" -lt "${MIN%.*}" ] || { [ "$major" -eq "${MIN%.*}" ] && [ "$minor" -lt "${MIN#*.}" ]; }; then
	is=$release
fi
found 'the kernel' "$MIN or later" "$is" "/proc/sys/kernel/osrelease: $release" 'upgrade the host, or lower kernel in the preflight block'
