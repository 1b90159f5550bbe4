// Package definition has the cluster definition of the whole-program tests: e2e runs it
// on real hosts, killsweep kills it at every command.
package definition

// Cluster is what the hosts shall be; their hosts blocks and catalog come from the test.
// The last settings are those of a host without control groups' controllers of its own.
const Cluster = `
cluster "e2e" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.e2e.example.com:6443"
}

catalog "./versions.hcl" {}

runtime "containerd" {
  static                      = false
  crictl                      = false
  max_container_log_line_size = 4242
  restrict_oom_score_adj      = true
  disable_hugetlb_controller  = true
  disable_apparmor            = true
}
`
