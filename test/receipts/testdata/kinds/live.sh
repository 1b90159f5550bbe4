# What the running service has, which the machine keeps in the place of a process.
#
# WANT  the settings: each is a line NAME = NUMBER of /etc/reads

for name in $WANT; do
	wanted=$(awk -F ' = ' -v name="$name" '$1 == name { print $2 }' /etc/reads) || fail 'there is no /etc/reads'
	has=$(awk -F ' = ' -v name="$name" '$1 == name { print $2 }' /sd/config.reads.service) || fail 'reads.service has read nothing'
	found "$name of reads.service" "$wanted" "$has" 'what the machine keeps of its process'
done
