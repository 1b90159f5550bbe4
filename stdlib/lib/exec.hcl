kind "exec" {
  summary  = "a module's own probe and act, for what no other kind does"
  reads    = "its own probe"
  identity = "name"

  attribute "probe" {
    type     = string
    required = true
    script   = true
    summary  = "Says whether there is something to do: calls ok, differs TEXT or blocked RESOURCE TEXT, and changes nothing. With once_per: absent, partial or present."
  }
  attribute "act" {
    type     = string
    required = true
    script   = true
    changes  = true
    summary  = "Does it. Killed at any point and started again it reaches the same end."
  }
  attribute "env" {
    type    = map(string)
    default = {}
    live    = true
    summary = "What the scripts get as variables. A live value is the path of a file that holds it."
  }
  attribute "once_per" {
    type    = string
    enum    = ["cluster"]
    summary = "cluster: done on one host only, when every host of the role has said absent."
  }

  attribute "disruptive" {
    type    = bool
    summary = "Its act interrupts what the host serves: a token of each of its roles is needed."
  }

  example = <<-E
    exec "timezone" {
      probe = file("timezone.probe.sh")
      act   = file("timezone.act.sh")
      env   = { ZONE = "Europe/Berlin" }
    }
  E

  doc = <<-E
    The scripts are POSIX shell, sourced with `set -eu` in a subshell with the verbs ok,
    differs, found, blocked, absent, partial, present, fail, note, warn and replaces. After the act the
    probe is asked again, and the step fails unless it says ok. `replaces PATH LEAVES` comes before an
    act puts something in the place of a file or link, LEAVES its digest or target: a reset puts
    back what was there.

    A block `ready { script, timeout, env }` says when others may use what the act has made;
    it is waited for after the act, and runs on hosts that wait for this step.

    What the scripts do is read from their text; what that does not tell stands in `effects`,
    command by command: `effects = { "frobd init" = ["writes /etc/frob/*"] }`. The probe only
    reads, but for what is declared.

    Nothing is removed when the resource leaves the definition, nor by a reset: what undoes it
    is a step of the module with `operations = ["reset"]`.
  E
}
