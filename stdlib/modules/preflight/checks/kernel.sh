# MIN  the oldest kernel, MAJOR.MINOR

read -r release </proc/sys/kernel/osrelease
major=${release%%.*}
minor=${release#*.}
minor=${minor%%[!0-9]*}
if [ "$major" -lt "${MIN%.*}" ] || { [ "$major" -eq "${MIN%.*}" ] && [ "$minor" -lt "${MIN#*.}" ]; }; then
	fail "expected a kernel of $MIN or later, found $release; upgrade the host, or lower kernel in the preflight block"
fi
