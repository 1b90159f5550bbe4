kind "hosts_entry" {
  summary          = "an address and its names in /etc/hosts"
  reads            = "the hosts file"
  identity         = "address"
  identity_pattern = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.:]*"
  identity_means   = "an IP address"
  commands         = ["chmod", "cp", "mktemp", "mv", "rm", "stat"]

  attribute "names" {
    type     = list(string)
    required = true
    pattern  = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
    means    = "a host's name"
    summary  = "The names, the host's own first."
  }

  effect "name" {
    subject = "{address}"
    fields  = ["names"]
  }
  effect "file" {
    action  = "edited"
    subject = "/etc/hosts"
  }

  example = <<-E
    hosts_entry "10.0.0.11" { names = ["cp1", "cp1.example.com"] }
  E

  doc = <<-E
    The line ends in `# sprayc`. In the lines of others nothing is changed, but that a name
    which one of them gives to another address of the same family is taken out of it: the
    first line with a name wins, and Debian's installer writes `127.0.1.1 HOSTNAME`. The file
    as it was first is kept below `/var/lib/sprayc/before`.

    When the resource leaves the definition its line is removed.
  E
}
