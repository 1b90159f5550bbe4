# An address that is on one control plane at a time, by VRRP between them, and there a
# balancer with all API servers behind it.
#
# Both are services of the hosts and not static pods: the first control plane is reached at
# the address before it has a kubelet that runs pods. VRRP is spoken to the other control
# planes alone and has no password: keepalived's would be readable on the wire.

module {
  slot    = "endpoint"
  summary = "an address that moves between control planes, with a balancer behind it"
}

locals {
  endpoint = cluster.control_plane_endpoint == null ? "" : cluster.control_plane_endpoint
  name     = trimsuffix(trimprefix(replace(local.endpoint, "/:[0-9]+$/", ""), "["), "]")
  port     = replace(local.endpoint, "/^.*:/", "")
  is_name  = length(regexall("^[0-9.]+$|:", local.name)) == 0
  address  = input.address != "" ? input.address : (local.is_name ? "" : local.name)

  folder   = "/etc/sprayc/endpoint"
  balancer = "${local.folder}/haproxy.cfg"
  vrrp     = "${local.folder}/keepalived.conf"
  # Who is declared absent serves nobody, and may come back with what it knew before.
  addresses = [for h in hosts : h.address if contains(h.roles, "control_plane") && h.state != "absent"]
  servers   = [for h in hosts : { name = h.name, address = strcontains(h.address, ":") ? "[${cidrhost("${h.address}/128", 0)}]" : h.address } if contains(h.roles, "control_plane") && h.state != "absent"]
}

assert {
  condition = coalesce(slot.kubernetes.bind_port, input.bind_port) == input.bind_port
  message   = "the API servers listen on ${coalesce(slot.kubernetes.bind_port, input.bind_port)} (bind_port of the kubernetes block), and bind_port here is ${input.bind_port}: they are the same"
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint, such as \"10.0.0.10:8443\": the virtual address, or a name of it, and the balancer's port"
}

assert {
  condition = local.endpoint == "" || local.address != ""
  message   = "control_plane_endpoint is the name ${local.name}; write address = \"...\" too, the virtual address"
}

assert {
  condition = local.is_name || local.address == local.name
  message   = "control_plane_endpoint has the address ${local.name}, and address is ${local.address}: leave address out"
}

assert {
  condition = !contains(local.addresses, local.address)
  message   = "${local.address} is a control plane's own address; the virtual one is another in the same network"
}

assert {
  condition = local.port != tostring(input.bind_port) && local.port != tostring(input.health_port)
  message   = "control_plane_endpoint has the port ${local.port}, which is the API server's on control planes (bind_port) or that of the balancer's health (health_port): take another, such as 8443"
}

step "packages" {
  summary    = "haproxy and keepalived, from the distribution"
  roles      = ["control_plane"]
  stage      = "prepare"
  operations = ["converge", "upgrade"]
  commands   = ["getsebool"]

  package "haproxy" {}
  package "keepalived" {}
  # The package's own service is another one, with a configuration that is not ours.
  service "haproxy.service" {
    enabled = false
    running = false
  }

  verify "SELinux lets the balancer connect" {
    when   = host.os_family == "rhel"
    script = file("verify-selinux.sh")
    env    = { BOOLEAN = "haproxy_connect_any" }
  }
  verify "SELinux lets keepalived ask the balancer" {
    when   = host.os_family == "rhel"
    script = file("verify-selinux.sh")
    env    = { BOOLEAN = "keepalived_connect_any" }
  }
}

step "name" {
  summary    = "each node finds the endpoint's name, without DNS"
  roles      = ["node"]
  stage      = "prepare"
  when       = local.is_name && local.address != ""
  operations = ["converge", "upgrade"]

  hosts_entry "address" {
    name  = local.address
    names = [local.name]
  }
}

step "balancer" {
  summary    = "the balancer runs, with every control plane behind it"
  roles      = ["control_plane"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "sleep", "systemctl"]

  directory "/etc/sprayc" {
    when = !proxy.enabled # which makes it too
  }
  directory "/etc/sprayc/endpoint" {}
  file "/etc/sprayc/endpoint/haproxy.cfg" {
    content = template("haproxy.cfg.tmpl", {
      servers         = local.servers
      port            = local.port
      bind_port       = input.bind_port
      health_port     = input.health_port
      idle_timeout    = input.idle_timeout
      connect_timeout = input.connect_timeout
      check_interval  = input.check_interval
      max_connections = input.max_connections
    })
    notifies = [service["sprayc-endpoint.service"]]
  }
  service "sprayc-endpoint.service" {
    unit     = template("haproxy.service.tmpl", { config = local.balancer })
    enabled  = true
    running  = true
    reaction = "reload"
    effects  = ["listens ${local.port}/tcp, for the API servers", "listens 127.0.0.1:${input.health_port}/tcp, for the balancer's health and statistics"]
  }

  verify "the balancer runs, with the configuration as it is now" {
    script = file("verify-balancer.sh")
    env = {
      CONFIG = local.balancer
      HEALTH = "http://127.0.0.1:${input.health_port}/healthz"
    }
  }
  verify "the balancer has these servers" {
    script = file("verify-servers.sh")
    env = {
      SERVERS     = join(", ", [for s in local.servers : "${s.name} ${s.address}:${input.bind_port}"])
      CONNECTIONS = input.max_connections
      STATISTICS  = "http://127.0.0.1:${input.health_port}/statistics;csv"
    }
  }
}

step "address" {
  summary    = "the address is on one of the control planes"
  roles      = ["control_plane"]
  stage      = "runtime"
  after      = ["balancer"]
  operations = ["converge", "upgrade"]
  commands   = ["systemctl"]

  file "/etc/sprayc/endpoint/keepalived.conf" {
    content = template("keepalived.conf.tmpl", {
      name              = host.name
      address           = host.address
      peers             = [for a in local.addresses : a if a != host.address]
      interface         = input.interface
      virtual_router_id = input.virtual_router_id
      virtual_address   = "${local.address}/${input.prefix_length}"
      advert_int        = input.advert_int
      health_port       = input.health_port
    })
    notifies = [service["sprayc-keepalived.service"]]
  }
  service "sprayc-keepalived.service" {
    unit     = template("keepalived.service.tmpl", { config = local.vrrp })
    enabled  = true
    running  = true
    reaction = "reload"
    effects  = ["listens VRRP (IP protocol 112), among the control planes", "sets the endpoint's address, on one control plane at a time"]
  }

  verify "keepalived runs" {
    script = file("verify-active.sh")
    env    = { UNIT = "sprayc-keepalived.service" }
  }
}

# Asked when there is a cluster.
step "answers" {
  summary    = "the API server answers at the address"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "sleep"]

  verify "the API server answers at the endpoint" {
    script = file("verify-answers.sh")
    env    = { ENDPOINT = local.endpoint }
  }
}

# An API server that ends says so for as long as the balancers need to learn it, and goes on
# meanwhile. Else one that starts anew, and refuses everybody until it has read who may do what,
# would get connections.
provide "api_server_args" {
  value = { "shutdown-delay-duration" = "${input.check_interval + 2}s" }
}
