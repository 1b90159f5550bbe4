// Package diag is the one type of diagnostic, used from the parser to the
// runner, so that a failure on a host points at HCL too. It knows neither HCL
// nor shell.
//
// A Kind is a sort of problem: a fixed summary, and a page that explains it
// (Explain). A Diagnostic is one problem at one place. Write prints a List for
// people, with the source lines and carets; WriteJSON for programs, WriteSARIF for code
// scanning, WriteGitHub as annotations of a workflow.
//
// Always true: what is printed has no control characters of the sources or of
// user data, so a definition cannot move the cursor of a terminal; without
// colour the same can be read.
package diag
