// Package runner executes a bundle on its hosts: it ships what is missing,
// starts run.sh and follows it, and decides which host may do what when.
//
// The types to know are [Options] and [Result]; [Session], one host as the
// schedule sees it, of which there is one over SSH and, in tests, one in memory;
// and [Sink], which is told everything and shows it. The schedule is made of a
// goroutine a host and of three things that they meet at: gates (what one host
// waits for on others), budgets (how many of a role may be down) and founders
// (who does what is done once per cluster).
//
// What always holds: the runner keeps no state of its own, so it may be killed at
// any moment and run again; a failed host stops only what depends on it; no more
// hosts of a role are down than its budget allows; what is secret reaches
// a host on standard input only, and a sink never.
package runner
