# CONTROLLERS  those that must be there
# ALLOW_V1     true: cgroups version 1 will do

if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
	read -r have </sys/fs/cgroup/cgroup.controllers || have=
elif [ "$ALLOW_V1" = true ]; then
	have=$(awk '$4 == 1 { printf "%s ", $1 }' /proc/cgroups)
else
	fail "expected cgroups version 2, found version 1; boot with systemd.unified_cgroup_hierarchy=1, or set cgroup_v1 = true in the preflight block and failCgroupV1: false for kubelet"
fi
for controller in $CONTROLLERS; do
	case " $have " in
	*" $controller "*) is=there ;;
	*) is= ;;
	esac
	found "cgroup controller $controller" there "$is" "the kernel's list: ${have:-empty}" "enable it on the kernel's command line (cgroup_enable=...)"
done
