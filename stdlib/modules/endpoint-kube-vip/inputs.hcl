input "mode" {
  type        = string
  default     = "arp"
  description = "How the network learns where the address is: arp (one control plane at a time has it, in one segment) or bgp (each announces it to routers)."
  validation {
    condition = contains(["arp", "bgp"], input.mode)
    message   = "mode is arp or bgp"
  }
}

input "image" {
  type        = string
  default     = "ghcr.io/kube-vip/kube-vip:v1.0.3"
  description = "kube-vip's image; where load_balancer masquerades it is the one that ends with -iptables."
}

input "address" {
  type        = string
  default     = ""
  description = "The virtual address. Needed where control_plane_endpoint has a name, which each node then finds in /etc/hosts; else it is the endpoint's own."
  validation {
    condition = input.address == "" || can(cidrhost("${input.address}/32", 0)) || can(cidrhost("${input.address}/128", 0))
    message   = "address is an IP address, without a prefix length"
  }
}

input "prefix_length" {
  type        = number
  default     = 32
  description = "Prefix length with which the interface gets the address; 32 is 128 for one of IPv6."
  validation {
    condition = input.prefix_length >= 1 && input.prefix_length <= 128 && floor(input.prefix_length) == input.prefix_length
    message   = "prefix_length is from 1 to 128"
  }
}

input "interface" {
  type        = string
  default     = ""
  description = "The network interface that gets the address; it may differ between hosts. Empty: with arp kube-vip's own choice, that of the default route; with bgp lo."
  validation {
    condition = input.interface == "" || length(regexall("^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$", input.interface)) > 0
    message   = "interface is the name of a network interface, such as eth0"
  }
}

input "bind_port" {
  type        = number
  default     = 6443
  description = "Port of the API server on each control plane, and so of the endpoint: the kubernetes module's bind_port."
  validation {
    condition = input.bind_port >= 1 && input.bind_port <= 65535 && floor(input.bind_port) == input.bind_port
    message   = "bind_port is a port number, from 1 to 65535"
  }
}

input "lease_duration" {
  type        = number
  default     = 5
  description = "Seconds after which another control plane takes the address from one that is silent."
}

input "renew_deadline" {
  type        = number
  default     = 3
  description = "Seconds in which the one that has the address must have said so again, else it gives it up."
}

input "retry_period" {
  type        = number
  default     = 1
  description = "Seconds between two tries to get or keep the address."
}

assert {
  condition = input.lease_duration > input.renew_deadline && input.renew_deadline > input.retry_period && input.retry_period >= 1
  message   = "lease_duration is longer than renew_deadline, and that longer than retry_period, which is a second or more"
}

input "bgp" {
  type = object({
    as               = optional(number, 65000)
    router_id        = optional(string, "")
    source_interface = optional(string, "")
    peers            = optional(list(object({ address = string, as = optional(number, 65000), multihop = optional(bool, false) })), [])
  })
  default     = {}
  description = "With mode bgp: our number, the router's id (empty: the host's address), the interface to speak from, and the peers with their numbers."
}

input "bgp_authentication" {
  type        = bool
  default     = false
  description = "The peer wants a password, which bgp_password is; then there is one peer."
}

input "bgp_password" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The peer's password: a secret(\"env:NAME\"), without colons and commas. It is in the pod's manifest on control planes, which root alone can read."
}

assert {
  condition = !input.bgp_authentication || length(input.bgp.peers) == 1
  message   = "with bgp_authentication there is one peer"
}

input "services" {
  type        = bool
  default     = false
  description = "kube-vip gives Services of type LoadBalancer their addresses too."
}

input "services_election" {
  type        = bool
  default     = false
  description = "Which node has a Service's address is decided for each Service of its own."
}

input "load_balancer" {
  type        = bool
  default     = false
  description = "The control plane that has the address hands connections on to all of them, by IPVS."
}

input "forward_method" {
  type        = string
  default     = "local"
  description = "How load_balancer hands connections on: local, or masquerade, for which the pod is privileged."
  validation {
    condition = contains(["local", "masquerade"], input.forward_method)
    message   = "forward_method is local or masquerade"
  }
}

input "node_labels" {
  type        = bool
  default     = false
  description = "Label the node that has the address."
}

input "metrics_address" {
  type        = string
  default     = "127.0.0.1:2112"
  description = "Where kube-vip shows its metrics: ADDRESS:PORT, or :PORT for all addresses."
}

input "extra_settings" {
  type        = map(string)
  default     = {}
  description = "Further settings by kube-vip's own names of environment variables, over the others."
}
