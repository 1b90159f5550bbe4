# api: whether an API server of Kubernetes can be asked, for scripts that then start kubectl,
# which would try for ten seconds itself, each time.

# api_answers KUBECONFIG [URL]: the server that it names answers, or the one at URL. A connection
# may end with the server that a balancer has sent it to, or with the network's moment: it is asked
# five times, a second apart. Nothing that a plan or verify does starts one that was silent before.
api_answers() {
	state_name "${2:-$1}"
	if [ "$SPRAY_MODE" != apply ] && [ -e "$SPRAY_RUN/silent.$state_name" ]; then return 1; fi
	kubeconfig_server=${2-} kubeconfig_left=5
	while [ -z "${2-}" ] && read -r kubeconfig_key kubeconfig_value; do
		[ "$kubeconfig_key" != server: ] || kubeconfig_server=$kubeconfig_value
	done <"$1"
	kubeconfig_server=${kubeconfig_server#[\"\']} kubeconfig_server=${kubeconfig_server%[\"\']}
	until curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$kubeconfig_server/readyz"; do
		kubeconfig_left=$((kubeconfig_left - 1))
		if [ "$kubeconfig_left" -eq 0 ]; then
			printf '' >"$SPRAY_RUN/silent.$state_name" || : # tolerate: it is asked again then
			return 1
		fi
		sleep 1
	done
}

# needs_api KUBECONFIG [URL]: the same for a probe: what it asks about is blocked without it.
needs_api() {
	if [ ! -r "$1" ]; then
		blocked "file $1" 'it is not there, so there is no API server to ask'
		return 1
	fi
	if ! api_answers "$@"; then
		blocked 'the API server' 'it does not answer'
		return 1
	fi
}

# What was compared and found the same is the same as long as nobody touches it: the generation
# of an object is another after each change of what is wanted of it. Those without one (a
# ConfigMap) have a version for each change.
# shellcheck disable=SC2016 # they are kubectl's
objects_line='{{define "o"}}{{printf "{\"apiVersion\":%q,\"kind\":%q,\"metadata\":{" .apiVersion .kind}}{{with .metadata.namespace}}{{printf "\"namespace\":%q," .}}{{end}}{{printf "\"name\":%q}}" .metadata.name}} {{.metadata.uid}} {{with .metadata.generation}}{{.}} {{$.metadata.labels}} {{$.metadata.annotations}}{{else}}{{.metadata.resourceVersion}}{{end}}
{{end}}{{if .items}}{{range .items}}{{template "o" .}}{{end}}{{else}}{{template "o" .}}{{end}}'
objects_cache=/run/sprayc/kubectl

# objects_same KUBECONFIG NAME WANT COMMAND...: the objects that COMMAND, a kubectl get, asks for
# are those that were noted for NAME and WANT, what the manifest has. It costs less than a diff,
# which asks the server what it would make of each; a plan asks once for all that is noted.
objects_same() {
	state_name "$1"
	objects_config=$1 objects_folder=$objects_cache/same/$state_name objects_answer=$SPRAY_RUN/objects.$state_name
	state_name "$2"
	objects_file=$objects_folder/$state_name objects_want=$3 objects_noted=''
	shift 3
	[ ! -e "$objects_file" ] || objects_noted=$(cat "$objects_file") || return 1
	case $SPRAY_MODE:$objects_noted in
	plan:"$objects_want$spray_nl"*) ! objects_are_there || return 0 ;;
	esac
	objects_now=$("$@" --output "go-template=$objects_line") || objects_now=''
	[ -n "$objects_now" ] || return 1
	objects_now=$objects_want$spray_nl$objects_now
	[ "$objects_now" = "$objects_noted" ]
}

# objects_are_there: each object of objects_noted is, as it was.
objects_are_there() {
	[ -e "$objects_answer" ] || objects_ask
	objects_found=$spray_nl$(cat "$objects_answer")$spray_nl || return 1
	objects_rest=${objects_noted#*"$spray_nl"}$spray_nl
	while [ -n "$objects_rest" ]; do
		case $objects_found in
		*"$spray_nl${objects_rest%%"$spray_nl"*}$spray_nl"*) ;;
		*) return 1 ;;
		esac
		objects_rest=${objects_rest#*"$spray_nl"}
	done
}

# objects_ask: objects_answer is how all that is noted is now. Each line of a note begins with
# its object, as kubectl takes it.
objects_ask() {
	objects_rest=$(cat "$objects_folder"/*)$spray_nl || return 0
	objects_all=''
	while [ -n "$objects_rest" ]; do
		objects_one=${objects_rest%%"$spray_nl"*}
		objects_rest=${objects_rest#*"$spray_nl"}
		case $objects_one in
		'{'*) objects_all=$objects_all---$spray_nl${objects_one%% *}$spray_nl ;;
		esac
	done
	printf '%s' "$objects_all" | kubectl get --filename - --output "go-template=$objects_line" --kubeconfig "$objects_config" --cache-dir "$objects_cache" >"$objects_answer" ||
		: # tolerate: what is gone has no line
}

# objects_note: a diff has found nothing to change, since objects_same has asked.
objects_note() {
	[ -n "$objects_now" ] || return 0
	mkdir -p "$objects_folder" || fail "cannot create $objects_folder"
	printf '%s\n' "$objects_now" >"$objects_file" || fail "cannot write $objects_file"
}
