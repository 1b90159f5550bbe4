# kubeadm's files, by its names. Each is read by the runner and carried as a
# secret; what is a host's own says so with host.name.

input "ca_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The cluster's CA, which signs the API server's certificate and its clients': a file of certificates in PEM, its own first."
}

input "ca_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it kubeadm can make nothing that it signs: apiserver, apiserver_kubelet_client and the kubeconfigs come too, and a signer of yours answers the kubelets' requests; sprayc certificates requests has the hosts make the keys, and requests for these. With several control planes also what they share: sa, front_proxy_ca, and etcd_ca where etcd is kubeadm's."
}

input "front_proxy_ca_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The CA of the API server as a client of aggregated API servers."
}

input "front_proxy_ca_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it front_proxy_client comes too."
}

input "etcd_ca_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The CA of etcd, where etcd is kubeadm's."
}

input "etcd_ca_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it what it signs comes too: etcd_server, etcd_peer, etcd_healthcheck_client, apiserver_etcd_client."
}

input "sa_pub" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The public key by which tokens of service accounts are checked."
}

input "sa_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The key that signs tokens of service accounts. Without both kubeadm makes them, where there is one control plane."
}

input "apiserver_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The API server's certificate as a server. For each host another: secret(\"file:$${host.name}/apiserver.crt\")."
}

input "apiserver_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "apiserver_kubelet_client_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The API server's certificate as a client of kubelets. For each host another: secret(\"file:$${host.name}/apiserver-kubelet-client.crt\")."
}

input "apiserver_kubelet_client_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "front_proxy_client_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The API server's certificate as a client of aggregated API servers. For each host another: secret(\"file:$${host.name}/front-proxy-client.crt\")."
}

input "front_proxy_client_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "apiserver_etcd_client_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The API server's certificate as a client of etcd. For each host another: secret(\"file:$${host.name}/apiserver-etcd-client.crt\")."
}

input "apiserver_etcd_client_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "etcd_server_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The certificate of this host's member of etcd, as a server. For each host another: secret(\"file:$${host.name}/etcd-server.crt\")."
}

input "etcd_server_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "etcd_peer_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The certificate of this host's member of etcd, to the other members. For each host another: secret(\"file:$${host.name}/etcd-peer.crt\")."
}

input "etcd_peer_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "etcd_healthcheck_client_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The certificate with which etcd's health is asked for. For each host another: secret(\"file:$${host.name}/etcd-healthcheck-client.crt\")."
}

input "etcd_healthcheck_client_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Its key. Without it the host has the key: that of its request (sprayc certificates requests), or the one in service."
}

input "admin_conf" {
  type        = string
  default     = ""
  sensitive   = true
  description = "A kubeconfig of an administrator (O=kubeadm:cluster-admins). For each host another: secret(\"file:$${host.name}/admin.conf\")."
}

input "admin_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Instead of admin_conf: the certificate for the administrator's request of this host, which has the key and makes the kubeconfig. secret(\"file:$${host.name}/admin.crt\")."
}

input "super_admin_conf" {
  type        = string
  default     = ""
  sensitive   = true
  description = "A kubeconfig of one whom no rule binds (O=system:masters), with which kubeadm gives the others their rights. For each host another: secret(\"file:$${host.name}/super-admin.conf\")."
}

input "super_admin_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Instead of super_admin_conf: the certificate for the super-administrator's request of this host, which has the key and makes the kubeconfig. secret(\"file:$${host.name}/super-admin.crt\")."
}

input "controller_manager_conf" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The controller manager's kubeconfig. For each host another: secret(\"file:$${host.name}/controller-manager.conf\")."
}

input "controller_manager_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Instead of controller_manager_conf: the certificate for the controller manager's request of this host, which has the key and makes the kubeconfig. secret(\"file:$${host.name}/controller-manager.crt\")."
}

input "scheduler_conf" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The scheduler's kubeconfig. For each host another: secret(\"file:$${host.name}/scheduler.conf\")."
}

input "scheduler_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Instead of scheduler_conf: the certificate for the scheduler's request of this host, which has the key and makes the kubeconfig. secret(\"file:$${host.name}/scheduler.crt\")."
}

input "kubelet_conf" {
  type        = string
  default     = ""
  sensitive   = true
  description = "This host's kubelet's kubeconfig. For each host another: secret(\"file:$${host.name}/kubelet.conf\")."
}

input "kubelet_crt" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Instead of kubelet_conf: the certificate for the kubelet's request of this host, which has the key and makes the kubeconfig. It is read when this host has no kubelet.conf yet. secret(\"file:$${host.name}/kubelet.crt\")."
}
