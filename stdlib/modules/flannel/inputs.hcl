input "image" {
  type        = string
  default     = "ghcr.io/flannel-io/flannel:v0.28.4"
  description = "flannel's image."
}

input "plugin_image" {
  type        = string
  default     = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1"
  description = "The image with flannel's CNI plugin."
}

input "backend" {
  type        = string
  default     = "vxlan"
  description = "How packets go between nodes: vxlan, host-gw (routes, on one segment) or wireguard."
  validation {
    condition = contains(["vxlan", "host-gw", "wireguard"], input.backend)
    message   = "backend is vxlan, host-gw or wireguard"
  }
}

input "vni" {
  type        = number
  default     = 1
  description = "VXLAN's network identifier."
  validation {
    condition = input.vni >= 1 && input.vni <= 16777215 && input.vni == floor(input.vni)
    message   = "vni is a whole number from 1 to 16777215"
  }
}

input "port" {
  type        = number
  default     = 8472
  description = "VXLAN's UDP port."
  validation {
    condition = input.port >= 1 && input.port <= 65535 && input.port == floor(input.port)
    message   = "port is a whole number from 1 to 65535"
  }
}

input "mtu" {
  type        = number
  default     = 0
  description = "Largest packet between nodes, 0: what their interface has. Pods get that less the envelope: 50 bytes of vxlan, 80 of wireguard. host-gw has none, and takes the interface's."
  validation {
    condition = input.mtu == 0 || input.mtu >= 576 && input.mtu <= 65535
    message   = "mtu is 0, or from 576 to 65535"
  }
}

input "nftables" {
  type        = bool
  default     = true
  description = "Masquerade with nftables; false: iptables."
}

input "interfaces" {
  type        = list(string)
  default     = []
  description = "Interfaces or addresses over which nodes reach each other, tried in order; empty: that of the default route."
}
