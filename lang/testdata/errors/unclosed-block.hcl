# ERROR@+1: something is not closed
hosts "cp1" {
  os = "debian-12"

hosts "cp2" {
  os = "debian-12"
}
