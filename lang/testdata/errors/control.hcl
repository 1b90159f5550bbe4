locals {
  x = "a[2Jb" # ERROR: not a text file
}
