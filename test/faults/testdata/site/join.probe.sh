have=none
if [ -e /srv/joined ]; then read -r have </srv/joined; fi
if [ "$have" = "$RELEASE" ]; then ok; else differs "has joined for $have"; fi
