# A second cluster on the same hosts, with the same certificates, that takes the API servers'
# events: they come often, live for an hour, and would else be in the way of all the rest.

input "events" {
  type        = bool
  default     = false
  description = "Keep the events of Kubernetes in a second cluster on the same hosts, with ports 2383 and 2382 and the same settings."
  time        = "cluster"
}

input "events_data_dir" {
  type        = string
  default     = "/var/lib/etcd-events"
  description = "Folder of the data of that second member, as data_dir is that of the first."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.events_data_dir)) > 0
    message   = "events_data_dir is an absolute path of plain characters, not ${jsonencode(input.events_data_dir)}"
  }
}

input "events_listen_metrics_urls" {
  type        = list(string)
  default     = ["http://127.0.0.1:2384"]
  description = "Where metrics and health of that second member can be asked for without a certificate. Empty: only with one, at its client port."
  validation {
    condition = length([for url in input.events_listen_metrics_urls : url if length(regexall("^https?://[0-9A-Za-z.:\\[\\]-]+:[0-9]+$", url)) == 0]) == 0
    message   = "events_listen_metrics_urls are like http://127.0.0.1:2384"
  }
}

assert {
  condition = input.events_data_dir != input.data_dir
  message   = "events_data_dir is another folder than data_dir: each member has its own data"
}

locals {
  events_unit       = "etcd-events.service"
  events_env_file   = "${local.folder}/events.env"
  events_begun_file = "${local.folder}/events-cluster.env"
  events_endpoints  = [for m in local.members : "https://${m.at}:2383"]
  events_client_url = "https://${local.at}:2383"
  events_peer_url   = "https://${local.at}:2382"
  events_own_settings = {
    "data-dir"                    = input.events_data_dir
    "listen-client-urls"          = "${local.events_client_url},https://${local.loopback}:2383"
    "advertise-client-urls"       = local.events_client_url
    "listen-peer-urls"            = local.events_peer_url
    "initial-advertise-peer-urls" = local.events_peer_url
    "initial-cluster-token"       = "${input.initial_cluster_token}-events"
    "listen-metrics-urls"         = join(",", input.events_listen_metrics_urls)
  }
  events_settings      = { for name, value in merge(local.all_settings, local.events_own_settings) : name => value if value != "" }
  events_settings_text = join("", [for name, value in local.events_settings : "ETCD_${upper(replace(name, "-", "_"))}=${value}\n"])
}

# After that of the first cluster: a host that waits there for a member which is down would
# else be waited for here by the very host that starts it.
step "events-configuration" {
  summary    = "settings and unit of the members for events; a running one is restarted when they change"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["configuration"]
  when       = input.events
  operations = ["converge", "upgrade"]
  commands   = ["awk", "systemctl", "curl", "etcdctl", "tr"]
  disruptive = true

  directory "events-data" {
    name    = input.events_data_dir
    owner   = "etcd"
    group   = "etcd"
    mode    = "0700"
    parents = true
  }
  exec "events-restart" {
    probe = file("restart.probe.sh")
    act   = file("restart.act.sh")
    env = {
      UNIT     = local.events_unit
      DATA     = input.events_data_dir
      SETTINGS = local.events_settings_text
      PKI      = local.pki
      URL      = local.events_client_url
    }
  }
  file "/etc/etcd/events.env" {
    content  = local.events_settings_text
    notifies = [service["etcd-events.service"]]
  }
  # Another version of etcd is another text of the unit.
  service "etcd-events.service" {
    unit       = template("etcd.service.tmpl", { settings = local.events_env_file, begun = local.events_begun_file, version = input.version })
    enabled    = true
    disruptive = true
    effects    = concat(["listens 2383/tcp, for clients", "listens 2382/tcp, for members of etcd"], [for url in input.events_listen_metrics_urls : "listens ${replace(url, "/^https?:\\/\\//", "")}, for metrics"])
  }
  exec "events-started" {
    probe = file("started.probe.sh")
    act   = file("started.act.sh")
    env = {
      UNIT  = local.events_unit
      DATA  = input.events_data_dir
      BEGUN = local.events_begun_file
    }
  }

  verify "a member for events that runs does so with these settings, and is healthy" {
    script = file("verify-settings.sh")
    env = {
      UNIT     = local.events_unit
      DATA     = input.events_data_dir
      SETTINGS = local.events_settings_text
      PKI      = local.pki
      URL      = local.events_client_url
    }
  }
}

step "events-found" {
  summary    = "the first member for events"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["events-configuration"]
  when       = input.events
  operations = ["converge"]
  commands   = ["systemctl", "curl"]

  exec "events-found" {
    once_per = "cluster"
    probe    = file("found.probe.sh")
    act      = file("found.act.sh")
    env = {
      UNIT  = local.events_unit
      DATA  = input.events_data_dir
      BEGUN = local.events_begun_file
      NAME  = host.name
      PEER  = local.events_peer_url
    }
    ready {
      script = file("health.sh")
      env = {
        PKI       = local.pki
        ENDPOINTS = join(" ", local.events_endpoints)
      }
      timeout = "5m"
    }
  }
}

step "events-member" {
  summary    = "each further member for events, as a learner until it has caught up"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["events-found"]
  when       = input.events
  operations = ["converge"]
  commands   = ["systemctl", "etcdctl"]

  exec "events-member" {
    probe = file("member.probe.sh")
    act   = file("member.act.sh")
    env = {
      UNIT      = local.events_unit
      DATA      = input.events_data_dir
      BEGUN     = local.events_begun_file
      NAME      = host.name
      PEER      = local.events_peer_url
      URL       = local.events_client_url
      PKI       = local.pki
      ENDPOINTS = join(" ", local.events_endpoints)
    }
  }

  verify "the cluster for events has this member, by its id and peer URL, and it votes" {
    script = file("verify-member.sh")
    env = {
      PKI  = local.pki
      NAME = host.name
      PEER = local.events_peer_url
      URL  = local.events_client_url
    }
  }
}

step "events-answers" {
  summary    = "the control plane reaches the members for events"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["client", "events-member"]
  when       = input.events
  gate       = "runner"
  operations = ["converge"]
  commands   = ["curl"]

  wait "etcd-events" {
    probe   = file("health.sh")
    env     = { PKI = input.client_folder, ENDPOINTS = join(" ", local.events_endpoints) }
    timeout = 300
  }
}

# Flags of the API servers.
provide "api_server_args" {
  value = { for flag, value in { "etcd-servers-overrides" = "/events#${join(";", local.events_endpoints)}" } : flag => value if input.events }
}
