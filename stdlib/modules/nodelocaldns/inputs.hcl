input "image" {
  type        = string
  default     = "registry.k8s.io/dns/k8s-dns-node-cache:1.25.0"
  description = "The cache's image; one for Kubernetes 1.34 to 1.36."
}

input "address" {
  type        = string
  default     = "169.254.25.10"
  description = "The link-local address that the cache has on each node, and that pods ask."
  validation {
    condition = can(cidrhost("${input.address}/32", 0)) && startswith(input.address, "169.254.") || startswith(lower(input.address), "fd") && can(cidrhost("${input.address}/128", 0))
    message   = "address is one that stays on the node: of 169.254.0.0/16, or of fd00::/8"
  }
}

input "upstreams" {
  type        = list(string)
  default     = []
  description = "Servers for names outside of the cluster. Empty: those that the kubelet gives to pods with the node's DNS."
  validation {
    condition = length([for a in input.upstreams : a if length(regexall("^[0-9a-fA-F.:]+$", a)) == 0]) == 0
    message   = "upstreams are addresses"
  }
}

input "zones" {
  type = list(object({
    names   = list(string)
    servers = list(string)
    cache   = optional(number, 30)
    rewrite = optional(map(string), {})
    tcp     = optional(bool, false)
  }))
  default     = []
  description = "Domains with servers of their own: names, servers, seconds in the cache, names that are asked for as others, and whether by TCP alone."
  validation {
    condition = length([for z in input.zones : z if length(z.names) == 0 || length(z.servers) == 0]) == 0
    message   = "each of zones has names and servers"
  }
  validation {
    condition = length(flatten([for z in input.zones : [for n in concat(z.names, z.servers, keys(z.rewrite), values(z.rewrite)) : n if length(regexall("^[A-Za-z0-9._:/-]+$", n)) == 0]])) == 0
    message   = "names and servers in zones are plain: letters, digits and . _ - : /"
  }
}

input "health_port" {
  type        = number
  default     = 9254
  description = "Port on the cache's address of its health, at /health."
  validation {
    condition = input.health_port >= 1 && input.health_port <= 65535 && floor(input.health_port) == input.health_port
    message   = "health_port is a port number, from 1 to 65535"
  }
}

input "metrics_port" {
  type        = number
  default     = 9253
  description = "Port of the cache's metrics, on each of the node's addresses."
  validation {
    condition = input.metrics_port >= 1 && input.metrics_port <= 65535 && floor(input.metrics_port) == input.metrics_port
    message   = "metrics_port is a port number, from 1 to 65535"
  }
}

input "memory_limit" {
  type        = string
  default     = "200Mi"
  description = "Memory that the cache may have."
}

input "max_unavailable" {
  type        = string
  default     = "10%"
  description = "How many nodes' caches may be down at once while they change, a number or a part."
}
