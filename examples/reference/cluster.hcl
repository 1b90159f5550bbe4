variable "domain" {
  default     = "prod.example.com"
  description = "The domain of the machines."
}

cluster "prod" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.${var.domain}:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

ssh {
  user = "admin"
}

role "control_plane" {
  max_unavailable = "1"
}

role "worker" {
  max_unavailable = "25%"
}
