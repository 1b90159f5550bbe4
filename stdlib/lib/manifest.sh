# manifest: objects of the cluster, applied on the server's side.

manifest_args() {
	manifest_name='' manifest_content='' manifest_payload='' manifest_kubeconfig='' manifest_sha256=''
	for manifest_arg in "$@"; do
		case $manifest_arg in
		name=*) manifest_name=${manifest_arg#*=} ;;
		content=*) manifest_content=${manifest_arg#*=} ;;
		payload=*) manifest_payload=${manifest_arg#*=} ;;
		kubeconfig=*) manifest_kubeconfig=${manifest_arg#*=} ;;
		sha256=*) manifest_sha256=${manifest_arg#*=} ;;
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
	if ! api_answers "$manifest_kubeconfig"; then
		blocked 'the API server' 'it does not answer'
		return 0
	fi
	manifest_ask
	case $manifest_status in
	0) ok ;;
	1)
		manifest_differ
		differs "${manifest_names:-the record of its objects}"
		;;
	*) differs 'the API server cannot say what it would change; the log says why' ;; # its namespace or kinds are its own
	esac
}

# manifest_ask: manifest_status and manifest_said are kubectl's. It reads an object and then
# asks what applying would make of it: one that a controller changes meanwhile looks
# different, so what differs counts when it does so three times.
manifest_ask() {
	manifest_status=0
	inventory_mark "$step_name" "$manifest_name" "$manifest_sha256"
	if objects_same "$manifest_kubeconfig" "$step_name/$manifest_name" "$manifest_sha256" manifest_kubectl get; then return 0; fi
	for manifest_pause in 0 0 1; do
		[ "$manifest_pause" = 0 ] || sleep "$manifest_pause"
		manifest_status=0
		manifest_said=$(manifest_server diff) || manifest_status=$?
		if [ "$manifest_status" -eq 0 ]; then objects_note; fi
		[ "$manifest_status" -eq 1 ] || break
	done
}

# manifest_differ: manifest_names are the objects that diff names, in lines such as
# "Files /tmp/LIVE-1/v1.ConfigMap.default.a and /tmp/MERGED-2/v1.ConfigMap.default.a differ",
# but for the record of them.
manifest_differ() {
	manifest_names='' manifest_rest=$manifest_said$spray_nl
	while [ -n "$manifest_rest" ]; do
		manifest_line=${manifest_rest%%"$spray_nl"*}
		manifest_rest=${manifest_rest#*"$spray_nl"}
		case $manifest_line in
		*"/v1.ConfigMap.kube-system.$inventory_name differ") ;;
		'Files '*' and '*)
			manifest_line=${manifest_line%% and *}
			manifest_names=$manifest_names${manifest_names:+, }${manifest_line##*/}
			;;
		esac
	done
}

# manifest_act: what will be there is recorded before; what is gone from the manifest goes
# before the record says that all is as it should be.
manifest_act() {
	inventory_mark "$step_name" "$manifest_name" ''
	manifest_objects=$(manifest_kubectl label --local sprayc=local --output "go-template=$inventory_line") || fail 'kubectl cannot read the manifest; the log says why'
	inventory_begin "$manifest_objects"
	if [ -n "$inventory_gone" ]; then
		manifest_apply
		inventory_prune "$manifest_objects"
	fi
	inventory_mark "$step_name" "$manifest_name" "$manifest_sha256"
	manifest_apply
}

manifest_apply() {
	manifest_tries=3
	until manifest_server apply; do
		manifest_tries=$((manifest_tries - 1))
		[ "$manifest_tries" -gt 0 ] || fail 'kubectl apply did not succeed; the log says why'
		sleep 2
	done
}

# manifest_server diff|apply: on the server's side, by our field manager.
manifest_server() { manifest_kubectl "$1" --server-side --force-conflicts --field-manager sprayc; }

# manifest_kubectl ARG...: with the manifest, and the mark of it where there is one. What
# kubectl itself keeps goes to memory, so that a plan leaves nothing.
manifest_kubectl() {
	mkdir -p /run/sprayc/kubectl || fail 'cannot create /run/sprayc/kubectl'
	set -- "$@" --kubeconfig "$manifest_kubeconfig" --cache-dir /run/sprayc/kubectl
	if [ -z "$manifest_payload" ]; then
		manifest_text=$manifest_content${inventory_marked:+$spray_nl---$spray_nl$inventory_marked}
		printf '%s\n' "$manifest_text" | TMPDIR=/run/sprayc/kubectl KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl "$@" --filename -
	elif [ -n "$inventory_marked" ]; then
		printf '%s\n' "$inventory_marked" | TMPDIR=/run/sprayc/kubectl KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl "$@" --filename "$manifest_payload" --filename -
	else
		TMPDIR=/run/sprayc/kubectl KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl "$@" --filename "$manifest_payload"
	fi
}
