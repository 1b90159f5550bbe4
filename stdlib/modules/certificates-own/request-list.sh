# Every request of this host that waits for its certificate.

kept=/etc/kubernetes/requests

# list NAME KEY INPUT USAGES
list() {
	if [ ! -s "$kept/$1.csr" ] || [ ! -s "$kept/$2" ]; then return 0; fi
	name=$1
	case $1 in
	etcd/*) name=etcd-${1#etcd/} ;;
	esac
	request "$name" "$3" "$4" "$kept/$2" "$kept/$1.csr"
}

list apiserver apiserver.key apiserver_crt 'server auth'
list apiserver-kubelet-client apiserver-kubelet-client.key apiserver_kubelet_client_crt 'client auth'
list front-proxy-client front-proxy-client.key front_proxy_client_crt 'client auth'
list apiserver-etcd-client apiserver-etcd-client.key apiserver_etcd_client_crt 'client auth'
list etcd/server etcd/server.key etcd_server_crt 'server auth, client auth'
list etcd/peer etcd/peer.key etcd_peer_crt 'server auth, client auth'
list etcd/healthcheck-client etcd/healthcheck-client.key etcd_healthcheck_client_crt 'client auth'
list admin admin.conf admin_crt 'client auth'
list super-admin super-admin.conf super_admin_crt 'client auth'
list controller-manager controller-manager.conf controller_manager_crt 'client auth'
list scheduler scheduler.conf scheduler_crt 'client auth'
list kubelet kubelet.conf kubelet_crt 'client auth'
