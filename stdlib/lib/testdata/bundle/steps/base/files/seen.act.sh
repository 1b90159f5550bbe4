# TEXT  what /var/seen must say

note 'about to write'
printf '%s\n' "$TEXT" >/var/.seen
mv /var/.seen /var/seen
