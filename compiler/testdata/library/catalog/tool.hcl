component "tool" {
  url     = "https://example.com/tool-{version}-{arch}.tar.gz"
  format  = "tar.gz"
  default = "1.2.0"
  versions = {
    "1.2.0" = {
      amd64 = "1111111111111111111111111111111111111111111111111111111111111111"
      arm64 = "2222222222222222222222222222222222222222222222222222222222222222"
    }
    "1.1.0" = {
      amd64 = "3333333333333333333333333333333333333333333333333333333333333333"
    }
  }
}

component "kubeadm" {
  url     = "https://example.com/kubeadm-{version}-{arch}"
  format  = "binary"
  default = "1.36.3"
  versions = {
    "1.36.3" = {
      amd64 = "4444444444444444444444444444444444444444444444444444444444444444"
    }
  }
}
