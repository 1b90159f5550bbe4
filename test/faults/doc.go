// Package faults tests what a run comes to when something breaks under it: the
// program itself is killed or interrupted after any event, a link is cut or goes
// silent, a host freezes, restarts or has a full disk. The program, run.sh, the
// library and the SSH servers are the real ones; between the program and each
// server stands a link that a test can cut. The tests need root for namespaces;
// they are built with the tag e2e (make faults).
package faults
