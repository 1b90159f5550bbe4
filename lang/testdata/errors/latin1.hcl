locals {
  x = "café" # ERROR: not a text file
}
