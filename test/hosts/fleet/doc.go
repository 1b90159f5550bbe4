// Package fleet starts test hosts: throwaway hosts of the rehearsal's maker over
// real roots, with systemd and OpenSSH, and a server in their network that has the
// downloads and packages that a definition installs.
package fleet
