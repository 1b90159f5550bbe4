[ $(uname -n) != localhost ] # ERROR: unquoted expansion
ok
