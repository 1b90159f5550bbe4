// Package codegen turns the plan into a bundle: shell text and lists, with the
// library's own files beside them.
//
// It comes after the compiler and before anything that runs; it evaluates
// nothing and knows no HCL but the headers of resource kinds (library.go). One
// file each for a script's data and calls (script.go), what it waits for
// (await.go), the scripts of outputs (output.go), the check of modules' own
// scripts (check.go), what a class gets (class.go), what a host gets (host.go),
// plan.json (planjson.go) and PLAN.md (planmd.go, byhand.go).
//
// What always holds: a value enters a script once, as a single-quoted
// assignment beside the line that it comes from; a script is printed to a
// fixed point and has passed the lint; the same plan is the same bytes,
// whatever the order of its slices' makers or the number of processors.
package codegen
