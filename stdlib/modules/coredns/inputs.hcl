input "forward" {
  type        = list(string)
  default     = []
  description = "Servers that are asked for names outside of the cluster: addresses, or paths of files such as resolv.conf. Empty: those that the node's kubelet gives to pods."
  validation {
    condition = length(input.forward) <= 15 && length([for a in input.forward : a if length(regexall("^[A-Za-z0-9.:/_\\[\\]-]+$", a)) == 0]) == 0
    message   = "forward is up to 15 addresses, such as \"10.0.0.53\" or \"tls://10.0.0.53\", or paths of files"
  }
}

input "hosts" {
  type        = map(list(string))
  default     = {}
  description = "Names that CoreDNS answers by itself, by their address, as in /etc/hosts."
  validation {
    condition = length([for a, names in input.hosts : a if length(regexall("^[0-9a-fA-F.:]+$", a)) == 0 || length(names) == 0 || length(regexall("^[A-Za-z0-9._ -]*$", join(" ", names))) == 0]) == 0
    message   = "hosts has addresses, each with a list of names"
  }
}
