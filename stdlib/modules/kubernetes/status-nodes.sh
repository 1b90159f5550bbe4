# How the cluster sees each of its nodes, asked of this host's own API server. Without an answer
# nothing is told here: another control plane may know, and this one's is told of by itself.
#
# SERVER   ADDRESS:PORT of it
# VERSION  the wanted one of kubelets, with its v

if [ ! -s /etc/kubernetes/admin.conf ]; then
	blocked 'file /etc/kubernetes/admin.conf' 'this host is no control plane yet'
	return 0
fi
# One question tells that nobody answers: kubectl would try again for ten seconds.
curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$SERVER/readyz" || {
	blocked 'the API server' 'it does not answer'
	return 0
}
nodes=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get nodes --output \
	'jsonpath={range .items[*]}{.metadata.name}|{.status.nodeInfo.kubeletVersion}|{.spec.unschedulable}|{.metadata.annotations.sprayc/cordon}|{range .status.conditions[*]}{.type}={.status} {end}|{.status.conditions[?(@.type=="Ready")].lastTransitionTime}|{.status.conditions[?(@.type=="Ready")].message}{"\n"}{end}') ||
	fail "the API server at $SERVER does not say which nodes there are"
[ -n "$nodes" ] || fail "the API server at $SERVER has no nodes"
while IFS='|' read -r name version cordoned run conditions since message; do
	case $conditions in
	*=*) ;;
	*) continue ;; # of a message with several lines
	esac
	word=bad text='' fix='kubectl describe node says why; there look at: journalctl -u kubelet.service'
	case " $conditions" in
	*' Ready=True '*) word=ok text=Ready fix= ;;
	*) text="NotReady since $since${message:+ ($message)}" ;;
	esac
	text="$text, $version"
	for condition in $conditions; do
		case $condition in
		Ready=*) ;;
		*=True) word=bad text="$text, ${condition%=True}" fix=${fix:-'kubectl describe node says why'} ;;
		esac
	done
	if [ "$version" != "$VERSION" ]; then
		[ "$word" = bad ] || word=warn
		text="$text, not $VERSION" fix=${fix:-'sprayc build --operation upgrade, then sprayc upgrade'}
	fi
	if [ "$cordoned" = true ]; then
		[ "$word" = bad ] || word=warn
		if [ -n "$run" ]; then
			text="$text, cordoned by sprayc's run $run" fix=${fix:-'a run of the same kind that ends well lets it take pods again'}
		else
			text="$text, cordoned by somebody else" fix=${fix:-'when it may take pods again: kubectl uncordon'}
		fi
	fi
	status "$word" "$name" "$text" "$fix"
done <<END
$nodes
END
