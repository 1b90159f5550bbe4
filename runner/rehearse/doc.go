// Package rehearse makes throwaway hosts on this machine from Linux namespaces
// alone, runs a bundle on them twice through the same runner, and says what was
// real and what a stand-in answered.
//
// A rehearsal is a tree of processes:
//
//	sprayc ── keeper ── cell ── host cp1 (PID 1: systemd, or a stand-in)
//	                        └── host w1
//
// The cell is PID 1 of a PID namespace and has mount, network, IPC and UTS
// namespaces of its own: a bridge, and one pair of virtual links for each host.
// Each host has the same again, an overlay over a lower root that is never
// written, and the address that the definition gives it. The keeper holds the
// other end of a pipe: when sprayc ends, in whatever way, the cell and with it
// every process, mount and link of the rehearsal ends, and the keeper removes the
// control groups and the folder of keys.
//
// A host with systemd that restarts itself is started again over what it has
// written: with a boot id of its own, as each start has, and nothing in memory. The
// kernel is the machine's and goes on; users' namespaces have no restart.
//
// The types to know are [Options], [Host] and [Hosts]. What always holds: nothing
// of the machine is changed, and nothing outside the cell reaches a host but
// through [Hosts.Dial].
package rehearse
