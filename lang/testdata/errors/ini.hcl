# ERROR@+1: syntax error
[kube_control_plane]
node1 ansible_host=10.0.0.11

[etcd]
node1
