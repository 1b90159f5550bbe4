# Which Kubernetes is here, against the one that the definition wants: asked of what runs. No
# run changes that unasked, and an upgrade goes one minor version at a time.
#
# WANT       the version of the definition
# OPERATION  what is run: converge, upgrade, ...; report only tells
# API        ADDRESS:PORT of this host's own API server; empty on a worker
# NEWEST     the newest of each minor version before WANT's that the catalog has, in their order

# minor VERSION: minor is the second of its numbers.
minor() {
	minor=${1#*.}
	minor=${minor%%[!0-9]*}
	[ -n "$minor" ] || fail "$1 is no version of Kubernetes"
}

# away VERSION: how far WANT is from it: same, patch, next, far, or back.
away() {
	minor "$WANT"
	to=$minor
	minor "$1"
	if [ "$1" = "$WANT" ]; then
		away='same'
	elif [ "$minor" -eq "$to" ]; then
		away='patch'
	elif [ "$minor" -gt "$to" ]; then
		away='back'
	elif [ "$((minor + 1))" -eq "$to" ]; then
		away='next'
	else
		away='far'
	fi
}

# way VERSION: from there to WANT, each minor version in between: away has looked at it.
way() {
	begin=$minor way=$1
	for version in $NEWEST; do
		minor "$version"
		if [ "$minor" -gt "$begin" ]; then way="$way -> $version"; fi
	done
	way="$way -> $WANT"
}

# judge WHAT VERSION HOW: whether it may be here, or may become WANT.
judge() {
	if [ "$OPERATION" = report ]; then
		version_tell "$1" "$WANT" "$2"
		return 0
	fi
	verb='sprayc build --operation upgrade, then sprayc upgrade'
	away "$2"
	want=$WANT is=$2
	[ "$OPERATION" != upgrade ] || want="one from which $WANT can be reached"
	case $OPERATION:$away in
	upgrade:same | upgrade:patch | upgrade:next) found "$1" "$want" "$want" "$3: $2" ;;
	*:back) found "$1" "$want" "$is" "$3" "Kubernetes does not go back over a minor version: set kubernetes_version = \"$2\", or restore what was backed up before the upgrade" ;;
	*:far)
		way "$2"
		first=${way#* -> }
		found "$1" "$want" "$is" "$3" "an upgrade goes one minor version at a time: $way; set kubernetes_version = \"${first%% *}\", $verb"
		;;
	*) found "$1" "$want" "$is" "$3" "a run changes no version of what runs: $verb" ;;
	esac
}

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	[ "$OPERATION" != report ] || return 0
	[ "$OPERATION" != upgrade ] || fail 'this host is in no cluster, so nothing is here to upgrade; sprayc run brings it in'
	found 'Kubernetes on this host' none none 'there is no /etc/kubernetes/kubelet.conf'
	return 0
fi

# The API server first: a kubelet may be behind it by more than one minor version.
server=https://$API api=
if [ -z "$API" ]; then
	while read -r word url; do
		[ "$word" != server: ] || server=$url
	done </etc/kubernetes/kubelet.conf
fi
if command -v kubectl >/dev/null && curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz"; then
	said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --server "$server" get --raw /version) || said=
	case $said in
	*'"gitVersion": "v'*)
		api=${said#*'"gitVersion": "v'}
		api=${api%%'"'*}
		judge 'version of the API server' "$api" "$server/version"
		;;
	esac
fi

# The kubelet: the one that runs, also when its file is another by now.
pid=$(systemctl show --property MainPID --value kubelet.service) || pid=0
said='' how="process $pid"
[ "${pid:-0}" -eq 0 ] || said=$("/proc/$pid/exe" --version) || said=
if [ -z "$said" ]; then
	said=$(kubelet --version) || said=
	how='its file, as it does not run'
fi
if [ -z "$said" ]; then
	note 'no kubelet is here that tells its version'
	return 0
fi
kubelet=${said#Kubernetes v}
away "$kubelet"
case $OPERATION:$away:$api in
upgrade:far:?*)
	is=$kubelet
	[ "$((minor + 3))" -lt "$to" ] || is="one at most 3 minor versions behind $WANT"
	found 'version of the kubelet' "one at most 3 minor versions behind $WANT" "$is" "$how: $kubelet" 'take the node out of the cluster, and bring it in anew'
	;;
*) judge 'version of the kubelet' "$kubelet" "$how" ;;
esac
