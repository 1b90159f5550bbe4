# Which Kubernetes runs here already. A run changes no version of it: that is an upgrade, which
# has an order of its own.

locals {
  # The newest of each minor version before the wanted one, for the way there.
  by_minor = { for v in catalog.kubeadm.versions : format("%04d", tonumber(split(".", v)[1])) => tonumber(split(".", v)[2])... if can(regex("^1[.][0-9]+[.][0-9]+$", v)) }
  to_minor = cluster.kubernetes_version == null ? 0 : try(tonumber(split(".", cluster.kubernetes_version)[1]), 0)
  newest   = join(" ", [for minor, all in local.by_minor : "1.${tonumber(minor)}.${max(all...)}" if tonumber(minor) < local.to_minor])

  versions = { WANT = cluster.kubernetes_version, API = local.is_control_plane ? local.server : "", NEWEST = local.newest }
}

step "versions" {
  summary    = "no other Kubernetes runs here than the definition has"
  roles      = ["node"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "kubectl", "kubelet", "systemctl"]

  verify "the versions that run are the wanted ones, or may become so" {
    script  = file("versions.sh")
    effects = { curl = ["connects the API server"], kubelet = [], "$pid" = [] }
    env     = merge(local.versions, { OPERATION = operation })
  }
  verify "which Kubernetes runs here" {
    when    = local.upgrades
    script  = file("versions.sh")
    reports = "versions"
    effects = { curl = ["connects the API server"], kubelet = [], "$pid" = [] }
    env     = merge(local.versions, { OPERATION = "report" })
  }
}
