# A network from manifests as their makers publish them, or from a chart that was rendered:
# text of yours, pinned by its digest, applied and watched like any other manifest.

module {
  slot     = "network"
  summary  = "any network: manifests of its makers, pinned by digest"
  requires = ["kubernetes"]
}

input "manifests" {
  type        = map(object({ content = string, sha256 = string }))
  description = "Manifests by names of yours, applied in the names' order: content, such as file(\"calico.yaml\"), and the sha256 that it must have."
  validation {
    condition = length(input.manifests) > 0
    message   = "manifests has at least one, such as { calico = { content = file(\"calico.yaml\"), sha256 = \"...\" } }"
  }
  validation {
    condition = length([for name, m in input.manifests : name if length(regexall("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", name)) == 0]) == 0
    message   = "names of manifests are of lower-case letters, digits, - and dots"
  }
  validation {
    condition = length([for name, m in input.manifests : name if sha256(m.content) != m.sha256]) == 0
    message   = join("; ", [for name, m in input.manifests : "${name} has the sha256 ${sha256(m.content)}, not ${m.sha256}" if sha256(m.content) != m.sha256])
  }
}

input "images" {
  type        = map(string)
  default     = {}
  description = "How names of images begin, and what stands there instead: { \"docker.io/calico/\" = \"registry.example.com/calico/\" }. A mirror block needs none of it: the container runtime follows it."
  validation {
    condition = length([for from, to in input.images : from if length(regexall("^[a-z0-9][a-z0-9.:/_-]*$", from)) == 0 || length(regexall("^[a-z0-9][a-z0-9.:/_-]*$", to)) == 0]) == 0
    message   = "images has beginnings of names on both sides, with the registry's host"
  }
}

input "leaves" {
  type = object({
    interfaces = optional(list(string), [])
    chains     = optional(list(string), [])
    tables     = optional(list(string), [])
    rules      = optional(list(string), [])
    files      = optional(list(string), [])
    processes  = optional(list(string), [])
  })
  default     = {}
  description = "What its pods leave on a node, by name, for sprayc reset to take away: interfaces, how chains of the firewall begin, tables of nftables, texts of rules in other chains, files and folders, and the processes that would set it again."
  validation {
    condition = length([for f in input.leaves.files : f if length(regexall("^/[A-Za-z0-9._/-]+$", f)) == 0 || strcontains(f, "/../")]) == 0
    message   = "files of leaves are absolute paths"
  }
  validation {
    condition = length([for name in concat(input.leaves.interfaces, input.leaves.chains, input.leaves.tables, input.leaves.processes) : name if length(regexall("^[A-Za-z0-9._-]+$", name)) == 0]) == 0
    message   = "interfaces, chains, tables and processes of leaves are names: letters, digits, - . and _"
  }
}

provide "leaves" {
  value = input.leaves
}

locals {
  # A line that names an image: what is before the name, the name, and what is behind it.
  naming = "^(\\s*(?:- )?[\"']?image[\"']?:\\s*[\"']?)([^\"'\\s#{}]+)(.*)$"
  text   = { for name, m in input.manifests : name => join("\n", [for line in split("\n", m.content) : strcontains(line, "image") ? local.rewritten[line] : line]) }

  lines = distinct(flatten([for name, m in input.manifests : [for line in split("\n", m.content) : line if strcontains(line, "image")]]))
  found = { for line in local.lines : line => try(regex(local.naming, line), null) }

  # The name in full, as the runtime completes it; the longest beginning counts.
  full = { for line, f in local.found : line => (
    !strcontains(f[1], "/") ? "docker.io/library/${f[1]}" :
    length(regexall("[.:]|^localhost$", split("/", f[1])[0])) == 0 ? "docker.io/${f[1]}" : f[1]
  ) if f != null }
  begins = { for line, name in local.full : line => reverse(sort([for from in keys(input.images) : from if startswith(name, from)])) }
  rewritten = { for line in local.lines : line => length(try(local.begins[line], [])) == 0 ? line :
    "${local.found[line][0]}${input.images[local.begins[line][0]]}${trimprefix(local.full[line], local.begins[line][0])}${local.found[line][2]}"
  }
}

step "manifest" {
  summary    = "the network's objects"
  roles      = ["control_plane"]
  stage      = "network"
  operations = ["converge", "upgrade"]

  manifest "network" {
    for_each = input.manifests
    name     = each.key
    content  = local.text[each.key]
  }
}
