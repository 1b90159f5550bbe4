# What the running service has, which the machine keeps in the place of a process.
#
# WANT  the settings: each is a line NAME = NUMBER of /etc/reads

for name in $WANT; do
	wanted=$(sed -n "s/^$name = //p" /etc/reads) || fail 'there is no /etc/reads'
	has=$(sed -n "s/^$name = //p" /sd/config.reads.service) || fail 'reads.service has read nothing'
	found "$name of reads.service" "$wanted" "$has" 'what the machine keeps of its process'
done
