# What is told of certificates when they are asked for.

locals {
  shown = concat(
    ["${local.at}:${local.client_port}/server", "${local.at}:${local.peer_port}/peer"],
    input.events ? ["${local.at}:2383/server", "${local.at}:2382/peer"] : [],
  )
}

step "certificate-list" {
  summary    = "each certificate of etcd's, on disk and as members show it, when they are asked for"
  roles      = ["etcd"]
  stage      = "finish"
  operations = ["converge", "upgrade", "certificates"]
  commands   = ["awk", "curl"]

  verify "the certificates of etcd's members" {
    script  = file("certificate-list.sh")
    reports = "certificates"
    effects = { curl = ["connects etcd's member on this host, for the certificates that it shows"] }
    env = {
      PKI   = local.pki
      FILES = "server peer client"
      SHOWN = join(" ", local.shown)
    }
  }
}

step "client-certificate-list" {
  summary    = "the API servers' certificate for etcd, when certificates are asked for"
  roles      = ["control_plane"]
  stage      = "finish"
  operations = ["converge", "upgrade", "certificates"]
  commands   = ["awk", "curl"]

  verify "the API servers' certificate for etcd" {
    script  = file("certificate-list.sh")
    reports = "certificates"
    env = {
      PKI   = input.client_folder
      FILES = "client"
      SHOWN = ""
    }
  }
}
