have=none
if [ -e /srv/worked ]; then read -r have </srv/worked; fi
if [ "$have" = "$RELEASE" ]; then ok; else differs "has worked for $have"; fi
