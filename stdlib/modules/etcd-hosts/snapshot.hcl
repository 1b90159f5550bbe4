# etcd's state is kept before an upgrade, as the state from before a minor version is the only
# way back from it.

step "snapshot" {
  summary    = "etcd's state from before the upgrade, kept on one of its hosts"
  roles      = ["etcd"]
  stage      = "download"
  operations = ["upgrade"]
  components = ["kubernetes"]
  commands   = ["chmod", "date", "etcdctl", "etcdutl", "head", "mkdir", "mv", "od", "rm", "sha256sum", "stat", "tail", "tr"]

  exec "snapshot" {
    once_per = "cluster"
    probe    = file("snapshot.probe.sh")
    act      = file("snapshot.act.sh")
    effects  = { "etcdctl snapshot" = ["connects etcd", "writes $FOLDER/.before-$WANT.db"], "etcdutl snapshot status" = [] }
    env = {
      FOLDER = "/var/lib/sprayc/snapshots"
      WANT   = join("-", compact([cluster.kubernetes_version == null ? "" : cluster.kubernetes_version, "etcd", input.version]))
      URL    = local.client_url
      PKI    = local.pki
      NAME   = host.name
    }
  }
}
