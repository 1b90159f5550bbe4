# proxy: the proxy that downloads and package managers of a host go through.

proxy_file=/etc/sprayc/proxy.env

# proxy_export exports the settings of the host's file, when it has one, for the programs
# that its caller starts: a subshell, so that nothing else sees them. The file is read as
# data, never as a script.
proxy_export() {
	[ -r "$proxy_file" ] || return 0
	while IFS= read -r proxy_line || [ -n "$proxy_line" ]; do
		proxy_line=${proxy_line#export }
		case $proxy_line in
		http_proxy=* | https_proxy=* | all_proxy=* | no_proxy=*)
			proxy_value=${proxy_line#*=}
			proxy_value=${proxy_value#[\"\']}
			export "${proxy_line%%=*}=${proxy_value%[\"\']}"
			;;
		esac
	done <"$proxy_file"
}
