// Package machine makes simulated machines, on which bundles run in a tenth of a second: a
// folder that becomes the root of a mount namespace. killsweep kills what runs on them,
// receipts disables acts.
//
// The scripts, the library and the programs they call are real; what would change the
// machine itself (systemctl, the package managers, modprobe, swapoff) is a stub that
// remembers what it was asked: of a service, the content that it was last started with.
// Below /proc the processes are the real ones, and /proc/sys, /proc/swaps and /proc/modules
// the machine's own files. No daemon runs, so nobody answers what verify blocks ask.
package machine
