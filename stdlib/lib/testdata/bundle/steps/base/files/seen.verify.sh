# TEXT  what /var/seen must say

read -r line </var/seen || fail 'nothing was seen'
[ "$line" = "$TEXT" ] || differs "seen $line"
