# Whether the API server answers whom kubectl asks here. One alone is away for a moment when the
# kubelet of its host is replaced, as that starts its pods anew.

if [ ! -r /etc/kubernetes/admin.conf ]; then
	blocked 'file /etc/kubernetes/admin.conf' 'it is not there, so there is no API server to ask'
	return 0
fi
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done </etc/kubernetes/admin.conf
curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz" || differs "the API server at $server does not answer"
ok
