kind "wait" {
  summary  = "until something is there, for as long as it may take"
  reads    = "what it waits for: the path, the answer of the URL, or its own probe"
  identity = "name"
  one_of   = [["path", "url", "probe"]]
  commands = ["sleep"]
  may_use  = ["curl", "wget"]

  attribute "path" {
    type    = string
    pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
    means   = "an absolute path, without . or .. in it and without a slash at its end"
    summary = "A file or socket that will be there."
  }
  attribute "url" {
    type    = string
    pattern = "https?://[^[:cntrl:] ]+"
    means   = "an http:// or https:// URL"
    summary = "A URL that will answer with success (curl or wget)."
  }
  attribute "ca" {
    type    = string
    pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
    means   = "an absolute path, without . or .. in it and without a slash at its end"
    summary = "A file with the certificates that the URL's is checked against."
  }
  attribute "probe" {
    type    = string
    script  = true
    summary = "A script that will call ok; until then differs, blocked or fail."
  }
  attribute "env" {
    type    = map(string)
    default = {}
    live    = true
    summary = "What the script gets as variables."
  }
  attribute "timeout" {
    type    = number
    default = 300
    summary = "Seconds after which it is an error."
  }

  effect "connection" {
    subject = "{url}"
    when    = "url"
    fields  = ["ca"]
  }

  example = <<-E
    wait "api" {
      url     = "https://127.0.0.1:6443/readyz"
      ca      = "/etc/kubernetes/pki/ca.crt"
      timeout = 120
    }
  E

  doc = <<-E
    Asked once a second. A plan says what is not there yet.
  E
}
