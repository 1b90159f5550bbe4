// Package observe says what a run really did to test hosts, and what of it an audit has
// not listed.
//
// [Look] is the state of a host as far as an effect can change it: files, packages, units,
// kernel parameters, mounts, ports, interfaces, firewall. [Start] has the kernel tell, for
// hosts of this machine, which programs are started by which, and which sockets are
// connected and bound: the starts from its trace events, the addresses from small programs
// at the entries of system calls, so that a host is neither slowed down nor able to notice.
// [Judge] compares both with an audit.
//
// What always holds: what is neither listed nor on one of the short lists here, each with
// its reason, is reported.
package observe
