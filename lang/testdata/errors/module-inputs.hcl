module { # ERROR: required argument is missing
}

input "a" {
  type    = strng # ERROR: invalid type
  defualt = ""    # ERROR: unknown attribute
}

input "b" {
  type = object({ name = string, size = optional(number, "big") }) # ERROR: invalid type
}

input "c" {
  time = "clster" # ERROR: invalid value
  validation {    # ERROR: required argument is missing
    condition = true
  }
  validation = {} # ERROR: unknown attribute
  description = ["x"] # ERROR: wrong type
  sensitive = "yes please" # ERROR: wrong type
}

input "a" {} # ERROR: block given twice

assert { # ERROR: required argument is missing
  message = "never"
}

host_setting "labels" {
  type    = map(string)
  default = {}
}
