// Package tamper tries, on a bundle of an example, every way of running something else
// than what was approved: by the program, and by run.sh as a person calls it on a host.
package tamper
