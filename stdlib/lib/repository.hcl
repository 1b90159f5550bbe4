kind "repository" {
  summary          = "a package repository, with the key that signs it"
  reads            = "sha256sum of its files"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9][A-Za-z0-9_.-]*"
  identity_means   = "a name that its file can have: letters, digits and _ . -, the first a letter or digit"
  families         = true
  one_of           = [["key", "unsigned"]]
  uses             = ["dropin"]
  commands         = ["mkdir", "mktemp", "chmod", "mv", "rm", "cat"]

  attribute "url" {
    type     = string
    required = true
    pattern  = "(https?|file)://[^[:cntrl:] ]+"
    means    = "an http://, https:// or file:// URL"
    summary  = "Where it is: the folder above dists/ or repodata/."
  }
  attribute "key" {
    type    = string
    content = true
    summary = "The public key that signs it, armored (BEGIN PGP PUBLIC KEY BLOCK)."
  }
  attribute "unsigned" {
    type    = bool
    summary = "true, in place of a key: nothing is checked."
  }
  attribute "suites" {
    type    = list(string)
    default = []
    pattern = "[^[:cntrl:] ]+"
    means   = "one word, without blanks"
    summary = "debian family: suites, as bookworm; one that ends in a slash is a path (a flat repository)."
  }
  attribute "components" {
    type    = list(string)
    default = []
    pattern = "[^[:cntrl:] ]+"
    means   = "one word, without blanks"
    summary = "debian family: components, as main; none for a flat repository."
  }
  attribute "architectures" {
    type    = list(string)
    default = []
    pattern = "[^[:cntrl:] ]+"
    means   = "one word, without blanks"
    summary = "debian family: only these architectures."
  }
  attribute "priority" {
    type    = number
    summary = "rhel family: priority (lower wins)."
  }
  attribute "excludes" {
    type    = list(string)
    default = []
    pattern = "[^[:cntrl:] ]+"
    means   = "one word, without blanks"
    summary = "rhel family: packages that are not to come from it."
  }

  effect "repository" {
    subject  = "{name}"
    when     = "key"
    fields   = ["url", "key", "suites", "components", "architectures", "priority", "excludes"]
    security = "packages signed by this key are trusted"
  }
  effect "repository" {
    subject  = "{name}"
    when     = "unsigned=true"
    fields   = ["url", "unsigned", "suites", "components", "architectures", "priority", "excludes"]
    security = "packages are installed from it with no signature checked"
  }
  effect "file" {
    subject = "/etc/apt/sources.list.d/{name}.sources"
    family  = "debian"
  }
  effect "file" {
    subject = "/etc/apt/keyrings/{name}.asc"
    family  = "debian"
    when    = "key"
  }
  effect "file" {
    subject = "/etc/yum.repos.d/{name}.repo"
    family  = "rhel"
  }
  effect "file" {
    subject = "/etc/pki/rpm-gpg/RPM-GPG-KEY-{name}"
    family  = "rhel"
    when    = "key"
  }

  example = <<-E
    repository "internal" {
      url        = "https://packages.example.com/debian"
      suites     = ["bookworm"]
      components = ["main"]
      unsigned   = true
    }
  E

  doc = <<-E
    debian family: `/etc/apt/sources.list.d/NAME.sources` (deb822), and the key in
    `/etc/apt/keyrings/NAME.asc`, trusted for this repository alone. rhel family:
    `/etc/yum.repos.d/NAME.repo`, and the key in `/etc/pki/rpm-gpg/RPM-GPG-KEY-NAME`.
    No other file is edited.

    The package index is not fetched here: an install that needs it fetches it (see `package`).
    When the resource leaves the definition both files are removed, if they are as they were left.
  E
}
