stages = ["preflight", "prepare", "download", "runtime", "join", "finish"]

slot "base" {
  default = "base"
  summary = "what every host has"
}

slot "runtime" {
  summary = "what runs containers"
}
