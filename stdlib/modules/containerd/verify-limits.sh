# What the kernel holds for the running daemon.
#
# OPEN_FILES  of the daemon at most
# OOM_SCORE   its oom_score_adj

pid=$(systemctl show --property=MainPID --value containerd.service) || fail "systemctl cannot say which process containerd.service is"
case $pid in
'' | 0 | *[!0-9]*) fail "containerd.service has no running process; look at: journalctl -u containerd.service" ;;
esac
files=$(awk '$1 $2 $3 == "Maxopenfiles" { print $4 }' "/proc/$pid/limits") || fail "process $pid of containerd.service has ended; look at: journalctl -u containerd.service"
read -r score <"/proc/$pid/oom_score_adj" || fail "process $pid of containerd.service has ended; look at: journalctl -u containerd.service"
found 'open files of containerd' "$OPEN_FILES" "$files" "/proc/$pid/limits" 'run: systemctl restart containerd.service'
found 'oom_score_adj of containerd' "$OOM_SCORE" "$score" "/proc/$pid/oom_score_adj" 'run: systemctl restart containerd.service'
