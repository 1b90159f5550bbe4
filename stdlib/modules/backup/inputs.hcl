input "recipients" {
  type        = list(string)
  default     = []
  description = "Who can read the copies that are brought to where sprayc runs: age's public keys (age1...). Without any no copy is brought, and backups stay on the control planes, in a folder of root's."
  time        = "cluster"
  validation {
    condition = length([for r in input.recipients : r if length(regexall("^age1[02-9ac-hj-np-z]{58}$", r)) == 0]) == 0
    message   = "recipients are age's public keys, such as age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
  }
}

input "copy_to" {
  type        = string
  default     = "backups"
  description = "Folder on the machine where sprayc runs that gets a copy of each backup, encrypted for recipients."
  time        = "cluster"
}

input "folder" {
  type        = string
  default     = "/var/backups/kubernetes"
  description = "Folder on the control planes where backups are kept, as they are: it is root's alone."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.folder)) > 0
    message   = "folder is an absolute path of plain characters, not ${jsonencode(input.folder)}"
  }
}

input "keep" {
  type        = number
  default     = 7
  description = "How many backups are kept on the host; older ones are removed."
  time        = "cluster"
  validation {
    condition = input.keep >= 1 && input.keep == floor(input.keep)
    message   = "keep is a whole number, at least 1"
  }
}

input "schedule" {
  type        = string
  default     = ""
  description = "When backups are made without sprayc, as systemd's OnCalendar has it: \"*-*-* 03:30\". They stay on the control plane that made them. Empty: never."
  time        = "cluster"
  validation {
    condition = length(regexall("^[A-Za-z0-9*:,./~ -]*$", input.schedule)) > 0
    message   = "schedule is one expression of systemd's OnCalendar, such as daily"
  }
}

input "etcd_version" {
  type        = string
  default     = catalog.etcd.default
  description = "Version of etcdctl and etcdutl, where etcd is kubeadm's."
}

input "restore_from" {
  type        = string
  default     = ""
  description = "For sprayc restore: the copy to restore, a file on the machine where sprayc runs."
  time        = "cluster"
}

input "identity" {
  type        = string
  default     = ""
  sensitive   = true
  description = "For sprayc restore: the private key that opens the copy, as a secret(...): a file of age-keygen's. It stays where sprayc runs."
}
