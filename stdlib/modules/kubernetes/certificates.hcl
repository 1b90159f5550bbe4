# How long certificates are good for, on each control plane.

input "certificates_warn_days" {
  type        = number
  default     = 30
  description = "Days before the end of a certificate from which on each run says so."
}

input "certificates_fail_days" {
  type        = number
  default     = 7
  description = "Days before the end of a certificate from which on verify fails."
  validation {
    condition = input.certificates_fail_days >= 0
    message   = "certificates_fail_days is 0 or more"
  }
}

assert {
  condition = input.certificates_warn_days >= input.certificates_fail_days
  message   = "certificates_warn_days is not less than certificates_fail_days"
}

step "certificates" {
  summary    = "the control plane's certificates are good for a while"
  roles      = ["control_plane"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "kubeadm"]

  verify "no certificate ends soon" {
    script = file("verify-certificates.sh")
    env = {
      CONFIG = local.init_file
      WARN   = input.certificates_warn_days
      FAIL   = input.certificates_fail_days
    }
  }
}
