// Package stdlib is the standard library: modules, the shell library, the
// catalog, the slots. It holds no logic; the command line hands its files to the
// compiler and the code generator, which treat a module of a user's alike.
package stdlib

import "embed"

// FS has slots.hcl, catalog/, modules/ and lib/.
//
//go:embed slots.hcl catalog/*.hcl lib/*.hcl lib/*.sh all:modules
var FS embed.FS
