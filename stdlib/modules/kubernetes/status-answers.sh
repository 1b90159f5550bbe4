# An API server answers there, as seen from this host. Who asks is not checked.
#
# AT   HOST:PORT
# FIX  what to do when none does

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
said=$(curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null --write-out '%{http_code}' "https://$AT/readyz") || said=
case $said in
200 | 401 | 403) ok ;;
'') fail "nothing answers at https://$AT; $FIX" ;;
*) fail "the API server at https://$AT is not ready (status $said); $FIX" ;;
esac
