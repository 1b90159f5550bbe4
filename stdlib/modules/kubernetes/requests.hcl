# What sprayc certificates requests needs of Kubernetes: kubeadm, which knows what it signs.

assert {
  condition = operation != "requests" || slot.certificates.filled
  message   = "this cluster's CA signs by itself, so there is nothing to request: sprayc certificates renew makes its certificates anew; for a CA that is outside, write certificates \"own\" with its ca_crt, and without ca_key"
}

step "requests-program" {
  summary    = "kubeadm, checked by its digest"
  roles      = ["control_plane"]
  stage      = "runtime"
  operations = ["requests"]

  directory "/etc/kubernetes" {}
  binary "/usr/local/bin/kubeadm" {
    artifact = artifact.kubeadm
  }
}
