// Package lang is the language: it reads HCL files and gives them back as
// written, with the place of every name, and nothing evaluated but what stands
// alone (variables, types, the library's own declarations).
//
// It is the first pass: Load reads a definition, LoadModule a module's folder,
// LoadLibrary the standard library, LoadCatalog versions and digests. What an
// attribute means is the compiler's business; lang knows which blocks there
// are, what they are called, and that the text is sane. Everything wrong is
// reported in one pass, file by file and block by block, as diag.Diagnostics;
// a file with a syntax error still gives the blocks around it.
//
// Always true: no input makes it panic or run away (size, nesting and
// characters are checked before hcl sees the text); a diagnostic's span lies
// inside the file that it names; the text of that file is in Sources.
package lang
