stages = ["preflight", "prepare", "download", "runtime", "join", "finish"]

slot "base" {
  default = "base"
  summary = "what every host has"
}

slot "runtime" {
  summary  = "what runs containers"
  provides = ["socket", "version"]
}

slot "etcd" {
  summary  = "where members run"
  provides = ["kubeadm"]
}
