# Which containerd, runc and CNI plugins are here already: asked of the daemon that runs, and of
# the programs that it starts. One of somebody else's, from a package, does not count.
#
# OPERATION           what is run: converge, upgrade, ...; report only tells
# VERSION, RUNC, CNI  those of the definition
# SOCKET              where the daemon listens

is='' how='its file, as it does not run'
pid=$(systemctl show --property MainPID --value containerd.service) || pid=0
exe=''
[ "${pid:-0}" -eq 0 ] || exe=$(readlink "/proc/$pid/exe") || exe=''
case $exe in
'' | /usr/local/bin/containerd*) ;;
*) return 0 ;;
esac
if [ -n "$exe" ] && answer=$(ctr --address "$SOCKET" --connect-timeout 10s version); then
	is=${answer##*Server:}
	is=${is#*Version:}
	is=${is#"${is%%[! ]*}"}
	is=${is%%[!0-9a-zA-Z.+-]*}
	how='ctr version'
fi
if [ -z "$is" ] && command -v containerd >/dev/null; then
	answer=$(containerd --version) || answer=''
	case $answer in
	*' v'[0-9]*)
		is=${answer##*' v'}
		is=${is%% *}
		;;
	esac
fi
[ -n "$is" ] || return 0
anew='take the node out of the cluster with sprayc remove, and bring it in anew; or let the definition have the version that is there'
version "$OPERATION" runtime 'any back-patch' 'version of containerd that runs' "$VERSION" "${is#v}" "$how" "$anew"

# judge LIMITS WHAT WANTED FOUND HOW: of a program beside it. A build of somebody's own tells
# what it likes: where one of the two is no plain version, nothing is compared.
judge() {
	case $3$4 in
	*[!0-9.]*) return 0 ;;
	esac
	version "$OPERATION" runtime "$1" "$2" "$3" "$4" "$5" "$anew"
}
if command -v runc >/dev/null; then
	answer=$(runc --version) || answer=''
	case $answer in
	'runc version '*)
		is=${answer#runc version }
		is=${is%%[!0-9a-zA-Z.+-]*}
		judge 'any back-patch' 'version of runc that is there' "$RUNC" "$is" 'runc --version'
		;;
	esac
fi
# Without a command to do, a plugin says what it is.
if [ -x /opt/cni/bin/loopback ]; then
	answer=$(/opt/cni/bin/loopback 2>&1 </dev/null) || answer=''
	case $answer in
	'CNI loopback plugin v'[0-9]*)
		is=${answer#CNI loopback plugin v}
		is=${is%%[!0-9a-zA-Z.+-]*}
		judge 'any back-any' 'version of the CNI plugins that are there' "$CNI" "$is" /opt/cni/bin/loopback
		;;
	esac
fi
