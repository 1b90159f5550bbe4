# DATA, BEGUN  as the probe reads them

systemctl reset-failed etcd.service 2>/dev/null || : # tolerate: it may never have failed
if ! systemctl start etcd.service; then
	systemctl status --no-pager --lines=30 etcd.service || : # tolerate: it is said for the log alone
	fail 'etcd does not start; look at: journalctl -u etcd.service'
fi
