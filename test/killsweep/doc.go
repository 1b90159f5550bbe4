// Package killsweep kills the scripts of the e2e definition with signal 9 at every command
// that they run, in six shells, runs them again, and wants the state that they reach without
// the kill, restarts included.
//
// They run on the simulated machines of test/machine. The programs are counted and killed by
// ptrace, so nothing stands between them and the shell.
//
// `make killsweep` tries all; STRIDE=n tries every n-th, and of each script one at least.
// After a kill the script is run twice: the first run finishes, the second finds nothing to
// do. Where kills of one script leave the same machine, to the byte, one of them is tried.
package killsweep
