module { summary = "two steps that wait for each other" }

step "one" {
  roles = ["all"]
  stage = "prepare"
  after = ["two"] # ERROR: steps wait for each other
}

step "two" {
  roles = ["all"]
  stage = "prepare"
  after = ["one"]
}
