# How far the cluster has come with a key is noted at its namespace kube-system.
#
# NOTE    readable, or written, which is further
# TARGET  the key, and what it is for

export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
# One question tells that nobody answers: kubectl would try again for ten seconds, each time.
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done <"$KUBECONFIG"
curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz" || {
	blocked 'the API server' 'it does not answer'
	return 0
}
noted=$(kubectl --cache-dir /run/sprayc/kubectl get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/encryption}') || {
	blocked 'the API server' 'it does not say what it keeps'
	return 0
}
case $noted in
"$NOTE $TARGET" | "written $TARGET") present ;;
*) absent "the cluster has not come to $TARGET" ;;
esac
