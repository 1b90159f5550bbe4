// Command bench measures sprayc and prints ratios within one run: how checking
// and building grow with the hosts, and how a first and a no-change run of a
// workload of 40 steps compare with the same work as a hand-written script sent
// with plain ssh, and with Ansible where it is installed.
//
// It asserts nothing about time. The hosts are sshd servers on loopback
// addresses, each in a mount namespace of its own with a private /root, /srv,
// /run and /var/lib/sprayc; it needs root and OpenSSH's server.
package main
