input "version" {
  type        = string
  default     = catalog.etcd.default
  description = "etcd's version."
}

input "data_dir" {
  type        = string
  default     = "/var/lib/etcd"
  description = "Folder of a member's data. Nothing is moved when it changes: it is for before the first run."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.data_dir)) > 0
    message   = "data_dir is an absolute path of plain characters, not ${jsonencode(input.data_dir)}"
  }
}

input "client_folder" {
  type        = string
  default     = "/etc/etcd/client"
  description = "Folder on the control planes that gets ca.crt, client.crt and client.key, for the API servers."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.client_folder)) > 0 && input.client_folder != "/etc/etcd/pki"
    message   = "client_folder is an absolute path of plain characters, and not the members' own folder, not ${jsonencode(input.client_folder)}"
  }
}

input "initial_cluster_token" {
  type        = string
  default     = cluster.name
  description = "What tells this cluster from others when it is founded."
  validation {
    condition = length(regexall("^[A-Za-z0-9._-]+$", input.initial_cluster_token)) > 0
    message   = "initial_cluster_token is one word of plain characters"
  }
}

input "cert_sans" {
  type        = list(string)
  default     = []
  description = "Further names and addresses of the members' certificates, such as that of a load balancer before them."
  validation {
    condition = length([for name in input.cert_sans : name if length(regexall("^[A-Za-z0-9.:*-]+$", name)) == 0]) == 0
    message   = "cert_sans are names and addresses"
  }
}

input "ca_days" {
  type        = number
  default     = 3650
  description = "Days that the CA is good for, when it is made."
  validation {
    condition = input.ca_days >= 30 && input.ca_days == floor(input.ca_days)
    message   = "ca_days is a whole number, at least 30"
  }
}

input "certificate_days" {
  type        = number
  default     = 365
  description = "Days that a certificate is good for, when it is made."
  validation {
    condition = input.certificate_days >= 1 && input.certificate_days == floor(input.certificate_days)
    message   = "certificate_days is a whole number, at least 1"
  }
}

input "renew_before_days" {
  type        = number
  default     = 60
  description = "A run, and sprayc certificates renew, make a certificate anew that ends within so many days. etcd reads it at the next connection; nothing is restarted."
  validation {
    condition = input.renew_before_days >= 0
    message   = "renew_before_days is not negative"
  }
}

input "snapshot_count" {
  type        = number
  default     = 10000
  description = "Transactions after which a snapshot goes to disk."
  validation {
    condition = input.snapshot_count >= 1 && input.snapshot_count == floor(input.snapshot_count)
    message   = "snapshot_count is a whole number, at least 1"
  }
}

input "quota_backend_bytes" {
  type        = number
  default     = 2147483648
  description = "Size of the database from which on etcd takes no further writes."
  validation {
    condition = input.quota_backend_bytes >= 1048576 && input.quota_backend_bytes == floor(input.quota_backend_bytes)
    message   = "quota_backend_bytes is a whole number of bytes, at least 1048576"
  }
}

input "heartbeat_interval" {
  type        = number
  default     = 100
  description = "Milliseconds between a leader's heartbeats; about the round trip between members."
  validation {
    condition = input.heartbeat_interval >= 1 && input.heartbeat_interval == floor(input.heartbeat_interval)
    message   = "heartbeat_interval is a whole number of milliseconds"
  }
}

input "election_timeout" {
  type        = number
  default     = 1000
  description = "Milliseconds without a heartbeat after which a member stands for election."
  validation {
    condition = input.election_timeout <= 50000 && input.election_timeout == floor(input.election_timeout)
    message   = "election_timeout is a whole number of milliseconds, at most 50000"
  }
}

input "max_request_bytes" {
  type        = number
  default     = 1572864
  description = "Largest request that is taken, in bytes."
  validation {
    condition = input.max_request_bytes >= 1 && input.max_request_bytes == floor(input.max_request_bytes)
    message   = "max_request_bytes is a whole number of bytes"
  }
}

input "max_wals" {
  type        = number
  default     = 5
  description = "Files of the write-ahead log that are kept; 0 keeps all."
  validation {
    condition = input.max_wals >= 0 && input.max_wals == floor(input.max_wals)
    message   = "max_wals is a whole number"
  }
}

input "auto_compaction_mode" {
  type        = string
  default     = "periodic"
  description = "What auto_compaction_retention means: periodic or revision."
  validation {
    condition = contains(["periodic", "revision"], input.auto_compaction_mode)
    message   = "auto_compaction_mode is periodic or revision"
  }
}

input "auto_compaction_retention" {
  type        = string
  default     = "0"
  description = "How much history is kept: hours or a duration, or revisions. 0 is off: API servers compact by themselves."
  validation {
    condition = length(regexall("^[0-9]+$|^([0-9]+(h|m|s))+$", input.auto_compaction_retention)) > 0
    message   = "auto_compaction_retention is a number, or a duration such as 8h"
  }
}

input "metrics" {
  type        = string
  default     = "basic"
  description = "How much is measured: basic, or extensive with histograms."
  validation {
    condition = contains(["basic", "extensive"], input.metrics)
    message   = "metrics is basic or extensive"
  }
}

input "listen_metrics_urls" {
  type        = list(string)
  default     = ["http://127.0.0.1:2381"]
  description = "Where metrics and health can be asked for without a certificate. Empty: only with one, at the client port."
  validation {
    condition = length([for url in input.listen_metrics_urls : url if length(regexall("^https?://[0-9A-Za-z.:\\[\\]-]+:[0-9]+$", url)) == 0]) == 0
    message   = "listen_metrics_urls are like http://127.0.0.1:2381"
  }
}

input "log_level" {
  type        = string
  default     = "info"
  description = "debug, info, warn, error, panic or fatal."
  validation {
    condition = contains(["debug", "info", "warn", "error", "panic", "fatal"], input.log_level)
    message   = "log_level is debug, info, warn, error, panic or fatal"
  }
}

input "tls_min_version" {
  type        = string
  default     = "TLS1.2"
  description = "The oldest TLS that is spoken: TLS1.2 or TLS1.3."
  validation {
    condition = contains(["TLS1.2", "TLS1.3"], input.tls_min_version)
    message   = "tls_min_version is TLS1.2 or TLS1.3"
  }
}

input "cipher_suites" {
  type        = list(string)
  default     = []
  description = "Cipher suites of TLS 1.2 by Go's names. Empty: Go's own choice."
  validation {
    condition = length([for name in input.cipher_suites : name if length(regexall("^TLS_[A-Z0-9_]+$", name)) == 0]) == 0
    message   = "cipher_suites are names such as TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
  }
}

input "extra_args" {
  type        = map(string)
  default     = {}
  description = "Further flags of etcd by their names, without the leading --."
  validation {
    condition = length([for name, value in input.extra_args : name if length(regexall("^[A-Za-z0-9._:/,@=+*-]+$", value)) == 0]) == 0
    message   = "the values of extra_args are one word each, of plain characters"
  }
}
