# What the control plane's processes read at their start beside their arguments. A digest of
# it stands in an annotation of their manifests, as one of kubeadm's patches: so a change of
# such a file is a change of the manifest, and the kubelet restarts the process.

locals {
  # Flags and folders of the API server that inputs of their own say.
  typed_flags   = merge(local.audit_args, local.encryption_args, local.authentication_args, local.admission_args)
  typed_args    = merge(local.hardened_args.api_server, local.typed_flags)
  typed_volumes = concat(local.audit_volumes, local.encryption_volumes, local.authentication_volumes, local.admission_volumes)

  # COMPONENT DIGEST PATH, a line each; the digest is - for what only the host has.
  mounted = join("\n", concat(
    local.audit_inputs,
    local.authentication_inputs,
    local.admission_inputs,
    [for v in input.api_server.extra_volumes : "kube-apiserver - ${v.host_path}" if v.path_type == "File"],
    [for v in input.controller_manager.extra_volumes : "kube-controller-manager - ${v.host_path}" if v.path_type == "File"],
    [for v in input.scheduler.extra_volumes : "kube-scheduler - ${v.host_path}" if v.path_type == "File"],
  ))
}

step "mounted" {
  summary    = "the digest of what the control plane's processes read at their start"
  roles      = ["control_plane"]
  stage      = "control_plane"
  operations = ["converge", "upgrade"]
  commands   = ["cat", "cmp", "mkdir", "mv", "od", "rm", "sha256sum", "tr"]

  exec "salt" {
    probe = file("salt.probe.sh")
    act   = file("salt.act.sh")
    env   = { SALT = "${local.folder}/salt" }
  }
  exec "patches" {
    probe = file("patches.probe.sh")
    act   = file("patches.act.sh")
    env = {
      PATCHES = local.patches
      OWN     = local.own_patches
    }
  }
  exec "digests" {
    probe = file("mounted.probe.sh")
    act   = file("mounted.act.sh")
    env = {
      PATCHES = local.patches
      MOUNTED = local.mounted
      TOKENS  = input.static_tokens
    }
  }
}
