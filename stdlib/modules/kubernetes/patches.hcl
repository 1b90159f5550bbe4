# Patches of the manifests that kubeadm writes for the control plane.

input "patches" {
  type        = any
  default     = []
  description = "Patches of the manifests that kubeadm writes, a list: each has a target (etcd, kube-apiserver, kube-controller-manager or kube-scheduler), a type (strategic, unless it is merge or json), and a patch: an object, or with json a list of operations."
  validation {
    condition = length(setsubtract(flatten([for p in input.patches : try(keys(p), ["?"])]), ["target", "type", "patch"])) == 0 && length([for p in input.patches : p if !can(p.target) || !can(p.patch)]) == 0
    message   = "each of patches is an object with target, patch, and perhaps type"
  }
  validation {
    condition = length(setsubtract([for p in input.patches : try(p.target, "etcd")], ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"])) == 0
    message   = "the target of a patch is etcd, kube-apiserver, kube-controller-manager or kube-scheduler; a kubelet's settings are in kubelet"
  }
  validation {
    condition = length(setsubtract([for p in input.patches : try(p.type, "merge")], ["strategic", "merge", "json"])) == 0
    message   = "the type of a patch is strategic, merge or json"
  }
  validation {
    condition = length([for p in input.patches : p if try(p.type, "merge") == "json" ? length([for o in try(p.patch, []) : o if !can(o.op) || !can(o.path)]) > 0 : length(setsubtract(try(keys(p.patch), ["?"]), ["metadata", "spec"])) > 0]) == 0
    message   = "a patch of a manifest is an object with metadata or spec, and nothing else; with the type json a list of operations, each with op and path"
  }
}

locals {
  # FILE TEXT, a line each; kubeadm takes them in the order of their names.
  own_patches = join("\n", sort([for i, p in input.patches : "${p.target}1own${i + 100}+${try(p.type, "strategic")}.json ${jsonencode(p.patch)}"]))
}
