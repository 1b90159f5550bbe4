// Package e2e tests the whole program against real hosts: bare Debian hosts and
// one of the RHEL family, with systemd and OpenSSH, become hosts with a running
// containerd. The tests need root, and what test/hosts/install.sh installs; they
// are built with the tag e2e (make e2e).
package e2e
