# inventory: which objects of the cluster a manifest has made, so that one that leaves the
# manifest leaves the cluster. It is a ConfigMap in kube-system for each manifest: objects is
# the list, by a field manager of its own; sha256 is the manifest that was applied whole.

# What kubectl prints of each object: a line of APIVERSION KIND NAMESPACE NAME.
inventory_line='{{.apiVersion}} {{.kind}} {{if .metadata.namespace}}{{.metadata.namespace}}{{else}}-{{end}} {{.metadata.name}}{{"\n"}}'

# What kubectl prints of one that is there: its kind, then who has a part of it. It makes a
# list of what a file names.
inventory_owners='{{if .items}}{{range .items}}{{.kind}} {{range .metadata.managedFields}}{{.manager}}/{{.operation}} {{end}}{{end}}{{else}}{{.kind}} {{range .metadata.managedFields}}{{.manager}}/{{.operation}} {{end}}{{end}}'

# inventory_mark STEP NAME SHA256: inventory_name is the record's, inventory_marked what it
# is when the manifest was applied whole; empty without a digest.
inventory_mark() {
	inventory_name=sprayc.${1%%/*}.${1#*/}.$2 inventory_marked=''
	[ -z "$3" ] || inventory_marked=$(inventory_json sha256 "$3") || fail 'printf does not work'
}

# inventory_json KEY TEXT: the record with that; TEXT is as JSON has it.
inventory_json() {
	printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","namespace":"kube-system","labels":{"sprayc/inventory":"manifest"}},"data":{"%s":"%s"}}' \
		"$inventory_name" "$1" "$2"
}

inventory_kubectl() { kubectl "$@" --kubeconfig "$manifest_kubeconfig" --cache-dir /run/sprayc/kubectl; }

# inventory_begin OBJECTS: records them beside those that were there; inventory_gone are
# those that were and are no longer.
inventory_begin() {
	inventory_old=$(inventory_kubectl get configmap "$inventory_name" --namespace kube-system --ignore-not-found --output 'go-template={{with .data}}{{with .objects}}{{.}}{{end}}{{end}}') ||
		fail 'the API server does not say what the manifest has made'
	inventory_less "$inventory_old" "$1"
	inventory_gone=$inventory_left
	inventory_less "$1" "$inventory_old"
	[ -z "$inventory_left" ] || inventory_write "$1$spray_nl$inventory_gone"
}

# inventory_less LINES LINES: inventory_left are those of the first that are not among the
# second.
inventory_less() {
	inventory_left='' inventory_rest=$1$spray_nl
	while [ -n "$inventory_rest" ]; do
		inventory_one=${inventory_rest%%"$spray_nl"*}
		inventory_rest=${inventory_rest#*"$spray_nl"}
		[ -n "$inventory_one" ] || continue
		case $spray_nl$2$spray_nl$inventory_left$spray_nl in
		*"$spray_nl$inventory_one$spray_nl"*) ;;
		*) inventory_left=$inventory_left${inventory_left:+$spray_nl}$inventory_one ;;
		esac
	done
}

inventory_write() {
	inventory_less "$1" ''
	inventory_text=''
	while [ -n "$inventory_left" ]; do
		inventory_text=$inventory_text${inventory_text:+\\n}${inventory_left%%"$spray_nl"*}
		case $inventory_left in
		*"$spray_nl"*) inventory_left=${inventory_left#*"$spray_nl"} ;;
		*) inventory_left='' ;;
		esac
	done
	inventory_json objects "$inventory_text" | inventory_kubectl apply --server-side --force-conflicts --field-manager sprayc-inventory --filename - ||
		fail 'what the manifest makes cannot be recorded; the log says why'
}

# inventory_prune OBJECTS: the others that were ours go.
inventory_prune() {
	inventory_others=$(inventory_kubectl get configmaps --namespace kube-system --selector sprayc/inventory=manifest \
		--output "go-template={{range .items}}{{if ne .metadata.name \"$inventory_name\"}}{{with .data}}{{with .objects}}{{.}}{{end}}{{end}}{{\"\\n\"}}{{end}}{{end}}") ||
		fail 'the API server does not say what other manifests have made'
	inventory_less "$inventory_gone" "$inventory_others"
	inventory_rest=$inventory_left$spray_nl
	while [ -n "${inventory_rest%"$spray_nl"}" ]; do
		inventory_remove "${inventory_rest%%"$spray_nl"*}"
		inventory_rest=${inventory_rest#*"$spray_nl"}
	done
	inventory_write "$1"
}

# inventory_remove LINE: an object that we have applied, and a part of which is still ours;
# or nobody's, as of a ServiceAccount that is no more than its name.
inventory_remove() {
	inventory_version=${1%% *} inventory_name_of=${1#* }
	inventory_kind=${inventory_name_of%% *} inventory_name_of=${inventory_name_of#* }
	inventory_space=${inventory_name_of%% *} inventory_name_of=${inventory_name_of#* }
	case $inventory_kind in
	Namespace | CustomResourceDefinition | PersistentVolume | PersistentVolumeClaim | StorageClass)
		note "$inventory_kind $inventory_name_of left the manifest and stays: more than itself would go with it; kubectl delete removes it"
		return 0
		;;
	esac
	inventory_object=$(printf '{"apiVersion":"%s","kind":"%s","metadata":{"name":"%s"' "$inventory_version" "$inventory_kind" "$inventory_name_of") || fail 'printf does not work'
	[ "$inventory_space" = - ] || inventory_object="$inventory_object,\"namespace\":\"$inventory_space\""
	inventory_object="$inventory_object}}"
	inventory_said=$(printf '%s' "$inventory_object" | inventory_kubectl get --ignore-not-found --show-managed-fields --filename - \
		--output "go-template=$inventory_owners" 2>&1) || case $inventory_said in
	*'no matches for kind'*) inventory_said='' ;; # its kind is gone, and it with it
	*) fail "the API server does not say whose $inventory_kind $inventory_name_of is: $inventory_said" ;;
	esac
	case " $inventory_said" in
	' ') return 0 ;;
	*' sprayc/Apply '*) ;;
	*/*)
		note "$inventory_kind $inventory_name_of left the manifest and stays: nothing of it is ours any more"
		return 0
		;;
	esac
	note "$inventory_kind $inventory_name_of left the manifest and goes"
	printf '%s' "$inventory_object" | inventory_kubectl delete --ignore-not-found --wait=false --filename - || fail "$inventory_kind $inventory_name_of is still there; the log says why"
}
