# The { is not on another line: it is nowhere.
# ERROR@+1: syntax error
host "x"
  roles = ["worker"]
}
