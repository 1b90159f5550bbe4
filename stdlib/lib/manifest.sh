# manifest: objects of the cluster, applied on the server's side.

manifest_args() {
	manifest_name='' manifest_content='' manifest_payload='' manifest_kubeconfig=''
	for manifest_arg in "$@"; do
		case $manifest_arg in
		name=*) manifest_name=${manifest_arg#*=} ;;
		content=*) manifest_content=${manifest_arg#*=} ;;
		payload=*) manifest_payload=${manifest_arg#*=} ;;
		kubeconfig=*) manifest_kubeconfig=${manifest_arg#*=} ;;
		sha256=*) ;;
		*) bug "manifest: unknown argument ${manifest_arg%%=*}" ;;
		esac
	done
}

manifest_collect() { :; }

manifest_probe() {
	if [ ! -r "$manifest_kubeconfig" ]; then
		blocked "file $manifest_kubeconfig" 'it is not there, so there is no API server to ask'
		return 0
	fi
	command -v kubectl >/dev/null || {
		blocked 'binary kubectl' 'it is not there'
		return 0
	}
	manifest_ask
	case $manifest_status in
	0) ok ;;
	1)
		manifest_differ
		differs "${manifest_names:-the objects differ}"
		;;
	*) manifest_unclear ;;
	esac
}

# manifest_ask: manifest_status and manifest_said are kubectl's. It reads an object and then
# asks what applying would make of it: one that a controller changes meanwhile looks
# different, so what differs counts when it does so three times.
manifest_ask() {
	for manifest_pause in 0 0 1; do
		[ "$manifest_pause" = 0 ] || sleep "$manifest_pause"
		manifest_status=0
		manifest_said=$(manifest_kubectl diff) || manifest_status=$?
		[ "$manifest_status" -eq 1 ] || break
	done
}

# manifest_differ: manifest_names are the objects that diff names, in lines such as
# "Files /tmp/LIVE-1/v1.ConfigMap.default.a and /tmp/MERGED-2/v1.ConfigMap.default.a differ".
manifest_differ() {
	manifest_names='' manifest_rest=$manifest_said$spray_nl
	while [ -n "$manifest_rest" ]; do
		manifest_line=${manifest_rest%%"$spray_nl"*}
		manifest_rest=${manifest_rest#*"$spray_nl"}
		case $manifest_line in
		'Files '*' and '*)
			manifest_line=${manifest_line%% and *}
			manifest_names=$manifest_names${manifest_names:+, }${manifest_line##*/}
			;;
		esac
	done
}

# manifest_unclear: the server does not say what would change. When it is there, it is the
# manifest: one whose namespace or kinds it brings itself can be told only by applying it.
manifest_unclear() {
	if kubectl --kubeconfig "$manifest_kubeconfig" get --raw /readyz --request-timeout 5s >/dev/null; then
		differs 'the API server cannot say what it would change; the log says why'
	else
		blocked 'the API server' 'it does not answer'
	fi
}

manifest_act() {
	manifest_tries=3
	until manifest_kubectl apply; do
		manifest_tries=$((manifest_tries - 1))
		[ "$manifest_tries" -gt 0 ] || fail 'kubectl apply did not succeed; the log says why'
		sleep 2
	done
}

# manifest_kubectl diff|apply: what kubectl itself keeps goes to memory, so that a plan
# leaves nothing.
manifest_kubectl() {
	mkdir -p /run/sprayc/kubectl || fail 'cannot create /run/sprayc/kubectl'
	set -- "$1" --kubeconfig "$manifest_kubeconfig" --cache-dir /run/sprayc/kubectl --server-side --force-conflicts --field-manager sprayc
	if [ -n "$manifest_payload" ]; then
		TMPDIR=/run/sprayc/kubectl KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl "$@" --filename "$manifest_payload"
	else
		printf '%s' "$manifest_content" | TMPDIR=/run/sprayc/kubectl KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl "$@" --filename -
	fi
}
