cluster "prod" {}

variable "unset" {} # ERROR: variable without a value

variable "two words" { # ERROR: invalid name
  default = 1
}

variable "domain" {
  default     = "example.com"
  descripton  = "The domain." # ERROR: unknown attribute
  description = "The domain."
}

variable "domain" { # ERROR: block given twice
  default = "example.org"
}

variable "size" {
  type    = int # ERROR: invalid type
  default = 1
}

variable "names" {
  type    = list # ERROR: invalid type
  default = []
}

variable "text" {
  type    = "string" # ERROR: invalid type
  default = ""
}

variable "count" {
  type    = number
  default = "many" # ERROR: wrong type
}

variable "from" {
  default = local.x # ERROR: value must be constant
}

variable "broken" {
  default = upper(1, 2) # ERROR: expression cannot be evaluated
}
