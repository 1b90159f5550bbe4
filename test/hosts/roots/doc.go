// Package roots makes the lower roots of test hosts: a bare Debian with systemd
// and OpenSSH, and a host of the RHEL family, which is a Debian body with real dnf
// and rpm, Rocky Linux's os-release and a repository of real packages. They are
// made once, from the machine's own Debian mirror, and kept in a folder that the
// project does not commit.
//
// What always holds: a root is whole or not there, and it is made anew when its
// recipe changes.
package roots
