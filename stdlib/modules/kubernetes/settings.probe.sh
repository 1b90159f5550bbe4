# Labels, annotations and taints of a node: ours are as the definition says, others' stay.
#
# NAME    the node's
# NODE    what of it is ours, as JSON
# DIGEST  of that
# PAIRS   its labels and annotations as JSON has them, a line each: "disk":"nvme"
# TAINTS  ours, each KEY=VALUE:EFFECT

export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
folder=/run/sprayc/kubectl
mkdir -p "$folder" || fail "cannot create $folder"
have=$(kubectl --cache-dir "$folder" get node "$NAME" --output \
	'jsonpath={"ours "}{.metadata.annotations.sprayc/taints}{"\n"}{range .spec.taints[*]}{.key}={.value}:{.effect}{"\n"}{end}{.metadata.labels}{"\n"}{.metadata.annotations}{"\n"}') || {
	blocked 'kubeadm' "the cluster has no node $NAME"
	return 0
}
nl='
'
for taint in $TAINTS; do
	case $nl$have$nl in
	*"$nl$taint$nl"*) ;;
	*) differs "the taint $taint is not there" ;;
	esac
done
ours=${have%%"$nl"*}
for taint in ${ours#ours}; do
	case " $TAINTS " in
	*" $taint "*) ;;
	*) differs "the taint $taint is no longer ours" ;;
	esac
done
# The digest of all that is ours is among them: with it, and all there, nothing differs.
case $have in
*"\"sprayc/settings\":\"$DIGEST\""*) ;;
*)
	differs 'labels or annotations differ'
	return 0
	;;
esac
rest=$PAIRS$nl
while [ -n "$rest" ]; do
	case $have in
	*"${rest%%"$nl"*},"* | *"${rest%%"$nl"*}}"*) rest=${rest#*"$nl"} ;;
	*) break ;;
	esac
done
if [ -z "$rest" ]; then
	ok
	return 0
fi
# Somebody has changed one, or JSON writes it in another way, which the API server knows.
# A node that reports meanwhile looks different: three times it must be so.
for pause in 0 0 1; do
	[ "$pause" = 0 ] || sleep "$pause"
	status=0
	printf '%s' "$NODE" | TMPDIR=$folder KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl diff --cache-dir "$folder" --server-side --force-conflicts \
		--field-manager sprayc --filename - || status=$?
	[ "$status" -eq 1 ] || break
done
case $status in
0) ok ;;
1) differs 'labels or annotations differ' ;;
*) fail 'the API server does not say what would change' ;;
esac
