// Package audit says what a bundle does, by role: files, packages, services
// and every other resource, downloads with their digests, the module's own
// scripts with the programs that they run, and what interrupts what serves.
//
// It reads the bundle's own scripts, not the definition: what it says is what
// is there to be run. It knows no resource kind by name; a kind that is added
// to the library is in the report without a change here.
package audit
