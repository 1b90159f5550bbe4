input "bind_port" {
  type        = number
  default     = 6443
  description = "Port of the API server on each control plane: the kubernetes module's bind_port."
  validation {
    condition = input.bind_port >= 1 && input.bind_port <= 65535 && floor(input.bind_port) == input.bind_port
    message   = "bind_port is a port number, from 1 to 65535"
  }
}

input "health_port" {
  type        = number
  default     = 8081
  description = "Port on 127.0.0.1 of the balancer's own health, at /healthz, and of its statistics, at /statistics."
  validation {
    condition = input.health_port >= 1 && input.health_port <= 65535 && floor(input.health_port) == input.health_port
    message   = "health_port is a port number, from 1 to 65535"
  }
}

input "idle_timeout" {
  type        = number
  default     = 600
  description = "Seconds without a byte after which a connection is closed; watches of the API send some more often."
  validation {
    condition = input.idle_timeout >= 30 && floor(input.idle_timeout) == input.idle_timeout
    message   = "idle_timeout is whole seconds, 30 or more"
  }
}

input "connect_timeout" {
  type        = number
  default     = 2
  description = "Seconds that an API server has to take a connection, before the next one is tried."
  validation {
    condition = input.connect_timeout >= 1 && floor(input.connect_timeout) == input.connect_timeout
    message   = "connect_timeout is whole seconds, 1 or more"
  }
}

input "check_interval" {
  type        = number
  default     = 3
  description = "Seconds between two questions to an API server."
  validation {
    condition = input.check_interval >= 1 && floor(input.check_interval) == input.check_interval
    message   = "check_interval is whole seconds, 1 or more"
  }
}

input "max_connections" {
  type        = number
  default     = 4000
  description = "Connections of one host at the same time."
  validation {
    condition = input.max_connections >= 100 && floor(input.max_connections) == input.max_connections
    message   = "max_connections is 100 or more"
  }
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
  description = "Prefix length with which the interface gets the address."
  validation {
    condition = input.prefix_length >= 1 && input.prefix_length <= 128 && floor(input.prefix_length) == input.prefix_length
    message   = "prefix_length is from 1 to 128"
  }
}

input "interface" {
  type        = string
  description = "The network interface of the control planes that gets the address; it may differ between hosts."
  validation {
    condition = length(regexall("^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$", input.interface)) > 0
    message   = "interface is the name of a network interface, such as eth0"
  }
}

input "virtual_router_id" {
  type        = number
  default     = 51
  description = "VRRP's number of this address: another one for each in the same network."
  validation {
    condition = input.virtual_router_id >= 1 && input.virtual_router_id <= 255 && floor(input.virtual_router_id) == input.virtual_router_id
    message   = "virtual_router_id is from 1 to 255"
  }
}

input "advert_int" {
  type        = number
  default     = 1
  description = "Seconds between two advertisements; after three without one another host takes the address."
  validation {
    condition = input.advert_int >= 1 && floor(input.advert_int) == input.advert_int
    message   = "advert_int is whole seconds, 1 or more"
  }
}
