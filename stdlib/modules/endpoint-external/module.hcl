# A load balancer or a DNS name that somebody else keeps: nothing is installed, but it is
# looked at before anything is founded, and asked once there is a cluster.

module {
  slot    = "endpoint"
  summary = "a load balancer or DNS name of yours, checked"
}

input "resolve" {
  type        = bool
  default     = true
  description = "Check that every node can resolve the endpoint's name: before anything changes, or once the os block's extra_hosts, if they have the name, are in /etc/hosts."
}

locals {
  endpoint = cluster.control_plane_endpoint == null ? "" : cluster.control_plane_endpoint
  name     = trimsuffix(trimprefix(replace(local.endpoint, "/:[0-9]+$/", ""), "["), "]")
  address  = length(regexall("^[0-9.]+$|:", local.name)) > 0

  # The os module puts the name into /etc/hosts: it cannot be there before that is done.
  written = contains(slot.os.extra_names == null ? [] : slot.os.extra_names, local.name)
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint: the balancer's name or address, and its port"
}

assert {
  condition = local.endpoint == "" || local.address || length(regexall("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", local.name)) > 0
  message   = "control_plane_endpoint has the name ${local.name}, which no DNS name can be: lower-case letters, digits, - and dots"
}

assert {
  condition = local.name != "localhost" && length(regexall("^127[.]|^::1$", local.name)) == 0
  message   = "control_plane_endpoint is ${local.endpoint}, which is another place on each host: for a balancer on each node write endpoint \"local\" {}"
}

step "name" {
  summary    = "the endpoint's name has an address"
  roles      = ["node"]
  stage      = "preflight"
  when       = input.resolve && !local.address && !local.written
  operations = ["converge", "upgrade"]
  commands   = ["getent"]

  verify "the endpoint's name has an address" {
    script = file("verify-name.sh")
    env    = { NAME = local.name }
  }
}

step "extra_name" {
  summary    = "the endpoint's name has an address, now that /etc/hosts has it"
  roles      = ["node"]
  stage      = "runtime"
  when       = input.resolve && !local.address && local.written
  operations = ["converge", "upgrade"]
  commands   = ["getent"]

  verify "the endpoint's name has an address" {
    script = file("verify-name.sh")
    env    = { NAME = local.name }
  }
}

# Asked when there is a cluster.
step "answers" {
  summary    = "the API server answers at the endpoint"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "sleep"]

  verify "the API server answers at the endpoint" {
    script = file("verify-answers.sh")
    env    = { ENDPOINT = local.endpoint }
  }
}
