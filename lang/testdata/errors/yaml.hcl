# An inventory of Kubespray's.
---
# ERROR@-1: syntax error
all:
  hosts:
    node1:
      ansible_host: 10.0.0.11
      ip: 10.0.0.11
  children:
    kube_control_plane:
      hosts: { node1: }
