printf '%s\n' "$RELEASE" >>/srv/count/work
sleep 0.2
while [ -e /srv/hold ]; do sleep 0.1; done
printf '%s\n' "$RELEASE" >/srv/.worked
mv /srv/.worked /srv/worked
