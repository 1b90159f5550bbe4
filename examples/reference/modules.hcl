preflight "preflight" {
  memory_mib               = 2048
  control_plane_memory_mib = 4096
  disk_gib                 = { "/var/lib" = 8 }
}

os "os" {
  packages = ["vim", "lsof"]
  sysctls  = { "net.core.somaxconn" = "4096" }
  timezone = "Etc/UTC"

  extra_hosts = { "10.0.0.10" = ["api.${var.domain}"] }
}

runtime "containerd" {
  runc_version                = catalog.runc.default
  max_concurrent_downloads    = 6
  max_container_log_line_size = 32768
  metrics_address             = "127.0.0.1:1338"
}

module "./site/ntp" {
  servers = ["10.0.0.1", "10.0.0.2"]
}

module "./site/tools" {}

catalog "./versions.hcl" {}
