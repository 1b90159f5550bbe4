all: # ERROR: syntax error
  hosts:
    node1: { ansible_host: 10.0.0.11 }
