// Package killsweep kills the scripts of the e2e definition with signal 9 at every command
// that they run, in six shells, runs them again, and wants the state that they reach without
// the kill, restarts included.
//
// The scripts, the library and the programs they call are real; what would change the
// machine itself (systemctl, the package managers, modprobe, swapoff) is a stub that
// remembers what it was asked: of a service, the content that it was last started with. The
// programs are counted and killed by ptrace, so nothing stands between them and the shell.
//
// `make killsweep` tries all; STRIDE=n tries every n-th, and of each script one at least.
// After a kill the script is run twice: the first run finishes, the second finds nothing to
// do. Where kills of one script leave the same machine, to the byte, one of them is tried.
package killsweep
