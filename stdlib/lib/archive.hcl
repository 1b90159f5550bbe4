kind "archive" {
  summary          = "the files of a downloaded archive, unpacked into a folder"
  reads            = "the digests of its files, against those noted when it was unpacked"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  uses             = ["dropin", "extract", "fetch", "proxy"]
  commands         = ["tar", "find", "sha256sum", "stat", "mkdir", "mktemp", "chmod", "mv", "rm", "rmdir", "readlink"]
  may_use          = ["curl", "openssl", "unzip", "wget", "xz", "zstd"]

  attribute "artifact" {
    type     = object({ url = string, sha256 = string, size = optional(number), format = optional(string), component = optional(string), version = optional(string) })
    required = true
    summary  = "What to download: an artifact block's object."
  }
  attribute "strip" {
    type    = number
    default = 0
    summary = "How many leading folders of each member's path to drop."
  }
  attribute "members" {
    type    = list(string)
    default = []
    pattern = "[^[:cntrl:]]+"
    means   = "a path without control characters"
    summary = "Only these files, or folders with all below them, named as they are after strip. Empty: all."
  }

  effect "fetch" {
    action  = "downloaded"
    subject = "{artifact.url}"
    fields  = ["artifact.sha256", "artifact.size"]
  }
  effect "file" {
    action  = "unpacked"
    subject = "{path}/{value}"
    each    = "members"
    fields  = ["artifact.component", "artifact.version"]
  }
  effect "file" {
    action  = "unpacked"
    subject = "{path}/**"
    when    = "!members"
    fields  = ["artifact.component", "artifact.version"]
  }

  example = <<-E
    archive "/usr/local" {
      artifact = artifact.containerd
      members  = ["bin/containerd", "bin/ctr"]
    }
  E

  doc = <<-E
    The download is kept by its digest (see `fetch`), unpacked into a hidden folder inside the
    target, and each file that is not there already, byte for byte, is renamed into its place:
    a running program is never overwritten, and what did not change is not touched. Files
    belong to root; they are 0755 when the archive has them executable, else 0644. Folders are
    made as needed; other files in them are left alone.

    What was unpacked is listed with digests below `/var/lib/sprayc/archives`, so a probe needs
    no download, and a member that was changed or removed since is found and put back. With a
    new version, members that it no longer has are removed, if they are still as they were
    left. When the resource leaves the definition the same holds for all of them.
  E
}
