// Package diag is the one type of diagnostic, used from the parser to the
// runner, so that a failure on a host points at HCL too. It knows neither HCL
// nor shell.
package diag
