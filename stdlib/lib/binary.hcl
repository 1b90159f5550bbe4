kind "binary" {
  summary          = "one downloaded program"
  reads            = "its digest, against that of the catalog or as noted when it was unpacked; stat"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  uses             = ["dropin", "extract", "fetch", "proxy"]
  commands         = ["tar", "sha256sum", "stat", "mkdir", "mktemp", "chmod", "mv", "rm"]
  may_use          = ["curl", "openssl", "unzip", "wget", "xz", "zstd"]

  attribute "artifact" {
    type     = object({ url = string, sha256 = string, size = optional(number), format = optional(string), component = optional(string), version = optional(string) })
    required = true
    summary  = "What to download: an artifact block's object."
  }
  attribute "member" {
    type    = string
    default = ""
    pattern = "[^[:cntrl:]]*"
    means   = "a path without control characters"
    summary = "The file's whole path inside, when the download is an archive."
  }
  attribute "mode" {
    type    = string
    default = "0755"
    pattern = "0[0-7]{3}"
    summary = "Its mode. It belongs to root."
  }

  effect "fetch" {
    action  = "downloaded"
    subject = "{artifact.url}"
    fields  = ["artifact.sha256", "artifact.size"]
  }
  effect "file" {
    subject = "{path}"
    fields  = ["mode", "artifact.component", "artifact.version", "member"]
  }

  example = <<-E
    binary "/usr/local/bin/helm" {
      artifact = artifact.helm
      member   = "linux-amd64/helm"
    }
  E

  doc = <<-E
    The file is renamed into its place, so a running program is never overwritten. A download
    of format `binary` is the program itself, and its digest is all that a probe needs; the
    digest of a member is noted below `/var/lib/sprayc/members` when it is unpacked, under the
    archive's digest.
  E
}
