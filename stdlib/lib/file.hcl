kind "file" {
  summary          = "a regular file with exactly this content, owner and mode"
  reads            = "sha256sum and stat"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  one_of           = [["content", "source", "parts"]]
  commands         = ["cat", "chmod", "chown", "cp", "mktemp", "mv", "rm", "sha256sum", "stat"]

  attribute "content" {
    type    = string
    content = true
    summary = "The content. From 4 KiB on it is shipped as a file of the bundle."
  }
  attribute "source" {
    type    = string
    summary = "A file of the module whose bytes are the content."
  }
  attribute "parts" {
    type    = list(string)
    live    = true
    summary = "Texts and live values (outputs, secrets) that are joined on the host."
  }
  attribute "owner" {
    type    = string
    default = "root"
    pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
    summary = "The owner's name."
  }
  attribute "group" {
    type    = string
    default = "root"
    pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
    summary = "The group's name."
  }
  attribute "mode" {
    type    = string
    default = "0644"
    pattern = "0[0-7]{3}|[1-7][0-7]{3}"
    summary = "Its permissions, four octal digits."
  }

  effect "file" {
    subject = "{path}"
    fields  = ["mode", "owner", "group", "content", "source", "parts"]
  }

  example = <<-E
    file "/etc/motd" {
      content = "hello\n"
      mode    = "0644"
    }
  E

  doc = <<-E
    The file is written beside its target, under a name that begins with a dot, with its
    final owner and mode, and then renamed: a reader sees the old file or the new one, whole.
    What was there first is kept below `/var/lib/sprayc/before`. A symbolic link in its place
    is replaced, a folder never. Its folder must be there: declare it with `directory`.

    With `parts` a secret becomes part of a file without ever being in the bundle:

        file "/etc/etcd.env" {
          mode  = "0600"
          parts = ["TOKEN=", secret("env:TOKEN"), "\n"]
        }

    A secret is asked for whenever the file is compared, so that a new one is noticed; an
    output (a join token) only when the file has to be written.

    When the resource leaves the definition the file is removed, or the original put back,
    if it still is as we left it.
  E
}
