kind "manifest" {
  summary          = "objects of the cluster, as a manifest has them"
  reads            = "kubectl diff, against the API server"
  identity         = "name"
  identity_pattern = "[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
  identity_means   = "a name as Kubernetes' own: lower-case letters, digits, - and ."
  uses             = ["inventory"]
  commands         = ["curl", "diff", "kubectl", "mkdir", "sleep"]
  effects_on       = "node"

  attribute "content" {
    type     = string
    required = true
    content  = true
    summary  = "The objects, in YAML or JSON. From 4 KiB on it is shipped as a file of the bundle."
  }
  attribute "kubeconfig" {
    type    = string
    default = "/etc/kubernetes/admin.conf"
    pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
    means   = "an absolute path, without . or .. in it and without a slash at its end"
    summary = "A file on the host with which kubectl reaches the API server."
  }

  effect "object" {
    action  = "applied"
    subject = "manifest {name}"
    fields  = ["content", "kubeconfig"]
    stays   = "in the cluster"
  }

  example = <<-E
    manifest "team-a" {
      content = yamlencode({
        apiVersion = "v1"
        kind       = "Namespace"
        metadata   = { name = "team-a" }
      })
    }
  E

  doc = <<-E
    Applied on the server's side by the field manager `sprayc`: what the manifest says of an
    object is ours, and what it does not say stays others'. A field that leaves the manifest
    leaves the object. The probe asks the server what applying it would change, so it finds
    what somebody changed by hand too.

    Each host of the step's roles asks, and applies what it still finds different: which one
    does so first does not matter.

    An object that leaves the manifest leaves the cluster, if it is recorded as made by this
    resource (in a ConfigMap of kube-system, `sprayc.STEP.NAME`), no other resource has it,
    and our field manager still has a part of it. A Namespace, a CustomResourceDefinition, a
    StorageClass, a volume or a claim stays, and the log says so: more than itself would go.

    `effects` says what its pods do on hosts: on every node, whichever host applies it.

    Nothing is removed from the cluster when the resource leaves the definition.
  E
}
