#!/bin/sh
# nginx with Debian's stream module: it is loaded before what -g says.
globals='load_module /usr/lib/nginx/modules/ngx_stream_module.so;'
left=$#
while [ "$left" -gt 0 ]; do
	word=$1
	shift
	left=$((left - 1))
	if [ "$word" = -g ] && [ "$left" -gt 0 ]; then
		globals="$globals $1"
		shift
		left=$((left - 1))
	else
		set -- "$@" "$word"
	fi
done
exec /usr/sbin/nginx -g "$globals" "$@"
