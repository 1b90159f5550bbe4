# kubeadm's images before kubeadm needs them: what it takes to fetch them is no part of the
# first control plane's time limits, and an image that is not there is found before anything
# is founded.

step "images" {
  summary    = "the control plane's images are on the host"
  roles      = ["control_plane"]
  stage      = "etcd"
  when       = input.image_pull_policy != "Never"
  operations = ["converge", "upgrade"]
  commands   = ["kubeadm", "mv"]

  exec "images" {
    probe   = file("images.probe.sh")
    act     = file("images.act.sh")
    effects = { "kubeadm config images pull" = ["connects the container runtime", "downloads the images of Kubernetes $VERSION, as $CONFIG names them"] }
    env = {
      CONFIG  = local.init_file
      VERSION = cluster.kubernetes_version
      DIGEST  = sha256(jsonencode([cluster.kubernetes_version, input.image_repository, slot.etcd.kubeadm]))
    }
  }
}
