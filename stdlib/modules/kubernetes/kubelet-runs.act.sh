systemctl start kubelet.service || fail 'kubelet.service cannot be started; journalctl -u kubelet.service says why'
