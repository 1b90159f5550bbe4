printf 'found\n' >>/srv/count/found
: >/srv/cluster.begun
sleep 0.2
mv /srv/cluster.begun /srv/cluster
