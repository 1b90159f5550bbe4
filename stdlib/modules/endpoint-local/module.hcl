# A balancer on each node, for that node alone: it reaches the API server at its own
# address, and whichever control plane is there answers.
#
# It is a service of the host and not a static pod: kubeadm's join asks the API server
# through it before there is a kubelet that could run pods, on control planes too.

module {
  slot    = "endpoint"
  summary = "a balancer on each node, from which it reaches every API server"
}

locals {
  endpoint = cluster.control_plane_endpoint == null ? "" : cluster.control_plane_endpoint
  name     = replace(local.endpoint, "/:[0-9]+$/", "")
  port     = replace(local.endpoint, "/^.*:/", "")
  is_name  = length(regexall("^(localhost|127\\.[0-9.]+)$", local.name)) == 0

  folder  = "/etc/sprayc/endpoint"
  config  = "${local.folder}/${input.proxy}.cfg"
  haproxy = input.proxy == "haproxy"
  debian  = host.os_family == "debian"

  # Only the control planes, through a role filter: a worker more changes no other host. Who is
  # declared absent serves nobody, and may come back with what it knew before.
  servers = [for h in hosts : { name = h.name, address = strcontains(h.address, ":") ? "[${cidrhost("${h.address}/128", 0)}]" : h.address } if contains(h.roles, "control_plane") && h.state != "absent"]

  values = {
    servers         = local.servers
    port            = local.port
    bind_port       = input.bind_port
    health_port     = input.health_port
    idle_timeout    = input.idle_timeout
    connect_timeout = input.connect_timeout
    check_interval  = input.check_interval
    max_connections = input.max_connections
  }
  text = local.haproxy ? template("haproxy.cfg.tmpl", local.values) : template("nginx.conf.tmpl", merge(local.values, {
    user   = local.debian ? "www-data" : "nginx"
    module = local.debian ? "/usr/lib/nginx/modules/ngx_stream_module.so" : "/usr/lib64/nginx/modules/ngx_stream_module.so"
  }))
}

assert {
  condition = coalesce(slot.kubernetes.bind_port, input.bind_port) == input.bind_port
  message   = "the API servers listen on ${coalesce(slot.kubernetes.bind_port, input.bind_port)} (bind_port of the kubernetes block), and bind_port here is ${input.bind_port}: they are the same"
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint, such as \"localhost:8443\": where each node's balancer listens"
}

assert {
  condition = length(regexall("^([0-9.]+|\\[.*\\])$", local.name)) == 0 || !local.is_name
  message   = "control_plane_endpoint is ${local.endpoint}, but a balancer on each node listens on 127.0.0.1: write localhost or a name, which sprayc puts into each node's /etc/hosts"
}

assert {
  condition = local.port != tostring(input.bind_port) && local.port != tostring(input.health_port)
  message   = "control_plane_endpoint has the port ${local.port}, which is the API server's on control planes (bind_port) or that of the balancer's health (health_port): take another, such as 8443"
}

assert {
  condition = length(local.servers) > 0
  message   = "no host has the role control_plane, so there is nothing to balance"
}

step "packages" {
  summary    = "the balancer's program, from the distribution"
  roles      = ["node"]
  stage      = "prepare"
  operations = ["converge", "upgrade"]
  commands   = ["getsebool"]

  package "haproxy" {
    when = local.haproxy
  }
  package "nginx" {
    when = !local.haproxy
  }
  package "nginx-mod-stream" {
    when   = !local.haproxy
    debian = "libnginx-mod-stream"
  }
  # The package's own service is another one, with a configuration that is not ours; what it
  # begins with listens on port 80, or does nothing.
  service "haproxy.service" {
    when    = local.haproxy
    enabled = false
    running = false
  }
  service "nginx.service" {
    when    = !local.haproxy
    enabled = false
    running = false
  }

  verify "SELinux lets the balancer connect" {
    when   = !local.debian
    script = file("verify-selinux.sh")
    env    = { BOOLEAN = local.haproxy ? "haproxy_connect_any" : "httpd_can_network_connect" }
  }
}

step "balancer" {
  summary    = "the balancer runs, with every control plane behind it"
  roles      = ["node"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "sleep", "systemctl"]

  hosts_entry "127.0.0.1" {
    when  = local.is_name
    names = [local.name]
  }
  directory "/etc/sprayc" {
    when = !proxy.enabled # which makes it too
  }
  directory "/etc/sprayc/endpoint" {}
  file "configuration" {
    name     = local.config
    content  = local.text
    notifies = [service["sprayc-endpoint.service"]]
  }
  service "sprayc-endpoint.service" {
    unit = template("endpoint.service.tmpl", {
      start  = local.haproxy ? "/usr/sbin/haproxy -Ws -f ${local.config}" : "/usr/sbin/nginx -c ${local.config}"
      check  = local.haproxy ? "/usr/sbin/haproxy -c -q -f ${local.config}" : "/usr/sbin/nginx -t -q -c ${local.config}"
      reload = local.haproxy ? "USR2" : "HUP"
      type   = local.haproxy ? "notify" : "simple"
    })
    enabled  = true
    running  = true
    reaction = "reload"
    effects  = ["listens 127.0.0.1:${local.port}/tcp, for the API servers", "listens 127.0.0.1:${input.health_port}/tcp, for the balancer's health${local.haproxy ? " and statistics" : ""}"]
  }

  verify "the balancer runs, with the configuration as it is now" {
    script = file("verify-balancer.sh")
    env = {
      CONFIG = local.config
      HEALTH = "http://127.0.0.1:${input.health_port}/healthz"
    }
  }
  verify "the balancer has these servers" {
    when   = local.haproxy
    script = file("verify-servers.sh")
    env = {
      SERVERS     = join(", ", [for s in local.servers : "${s.name} ${s.address}:${input.bind_port}"])
      CONNECTIONS = input.max_connections
      STATISTICS  = "http://127.0.0.1:${input.health_port}/statistics;csv"
    }
  }
}

# Asked when there is a cluster.
step "answers" {
  summary    = "the API server answers through the balancer"
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
