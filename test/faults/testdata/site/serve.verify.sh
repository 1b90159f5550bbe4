cmp /srv/app/app.conf /srv/running.conf || fail 'it runs with another configuration'
