# TEXT  what /var/seen must say

if [ ! -f /var/seen ]; then
	differs 'not seen'
	return 0
fi
read -r line </var/seen
if [ "$line" = "$TEXT" ]; then ok; else differs "seen $line"; fi
