kind "exec" {
  summary  = "a script of the module"
  identity = "name"

  attribute "probe" {
    type     = string
    script   = true
    required = true
    summary  = "asks"
  }
  attribute "act" {
    type     = string
    script   = true
    required = true
    summary  = "changes"
  }
  attribute "disruptive" {
    type    = bool
    summary = "needs a token"
  }
  attribute "env" {
    type    = map(string)
    live    = true
    summary = "what the scripts are given"
  }
  attribute "once_per" {
    type    = string
    enum    = ["cluster"]
    summary = "on one host only"
  }
}
