# Everything of these resources is written as it is: the API server does so with the key
# that now comes first. What somebody changes or removes meanwhile needs it no more: that it
# is another now is no error.
#
# NOTE    what the cluster has come to then
# TARGET  the key, and what it is for
# STATE   the keys of this host, with every resource that was ever encrypted

export KUBECONFIG=/etc/kubernetes/admin.conf
nl='
'

# rewrite RESOURCE: all that there are. A list that breaks off is printed as far as it came:
# what is no JSON keeps it from passing for the whole.
rewrite() {
	said=$({ kubectl --cache-dir /run/sprayc/kubectl get "$1" --all-namespaces --output json || printf 'it broke off\n'; } |
		kubectl --cache-dir /run/sprayc/kubectl replace --filename - 2>&1 >/dev/null) && return 0
	status=$?
	printf '%s\n' "$said"
	# One that was ended has not come to all, whatever it has said by then.
	if [ "$status" -ne 1 ] || [ -z "$said" ]; then return 1; fi
	rest=$said$nl
	while [ -n "$rest" ]; do
		line=${rest%%"$nl"*} rest=${rest#*"$nl"}
		case $line in
		'Error from server (Conflict): '* | 'Error from server (NotFound): '* | 'Warning: '*) ;;
		*) return 1 ;;
		esac
	done
}

resources=$(awk '$1 == "order" { print $2 }' "$STATE") || fail "cannot read $STATE"
for resource in $resources; do
	tries=5
	until names=$(kubectl --cache-dir /run/sprayc/kubectl get "$resource" --all-namespaces --output name); do
		tries=$((tries - 1))
		if [ "$tries" -gt 0 ]; then
			sleep 1
			continue
		fi
		# A kind that was removed took all of its own along.
		said=$(kubectl --cache-dir /run/sprayc/kubectl get "$resource" --all-namespaces --output name 2>&1 >/dev/null) || : # tolerate: why it fails is what is asked
		case $said in
		*"the server doesn't have a resource type"* | *'the server could not find the requested resource'*) ;;
		*) fail "the API server does not list $resource" ;;
		esac
		note "the API server has no $resource any more: none is written anew"
		break
	done
	[ -n "$names" ] || continue
	tries=5
	until rewrite "$resource"; do
		[ "$tries" -gt 0 ] || fail "not all $resource are written anew; the log says why"
		tries=$((tries - 1))
		sleep 1
	done
done
kubectl --cache-dir /run/sprayc/kubectl annotate namespace kube-system --overwrite "sprayc/encryption=$NOTE $TARGET" || fail 'the note is not made'
