if [ -e /srv/cluster ]; then present; elif [ -e /srv/cluster.begun ]; then partial 'begun'; else absent; fi
