input "proxy" {
  type        = string
  default     = "haproxy"
  description = "The program that balances: haproxy, which asks each API server whether it is ready, or nginx, which finds out by connections that fail."
  validation {
    condition = contains(["haproxy", "nginx"], input.proxy)
    message   = "proxy is haproxy or nginx"
  }
}

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
  description = "Port on 127.0.0.1 of the balancer's own health, at /healthz; with haproxy its statistics, at /statistics, too."
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
  description = "Seconds between two questions to an API server, with haproxy; with nginx, for how long one that failed is left out."
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
