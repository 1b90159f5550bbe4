# Whether the API server answers whom kubectl asks here. One alone is away for a moment when the
# kubelet of its host is replaced, as that starts its pods anew.

if [ ! -s /etc/kubernetes/admin.conf ]; then
	blocked 'file /etc/kubernetes/admin.conf' 'it is not there, so there is no API server to ask'
	return 0
fi
api_answers /etc/kubernetes/admin.conf || {
	differs 'the API server does not answer'
	return 0
}
ok
