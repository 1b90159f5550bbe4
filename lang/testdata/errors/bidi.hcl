locals {
  x = "a‮b" # ERROR: not a text file
}
