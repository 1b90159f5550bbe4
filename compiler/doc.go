// Package compiler turns a Definition and the library into a plan, in passes
// that can be read one by one:
//
//	resolve   which hosts, roles and modules there are          resolve_*.go
//	bind      when the value of each expression is known        bind.go
//	expand    steps and resources for each variant of a script  expand_*.go
//	order     the graph: stages, after, outputs, reactions      order.go
//	emit      what differs between hosts, host by host          emit.go, long.go
//
// Every pass adds its diagnostics to one list and goes on as far as it can, so
// that all errors of a definition come at once. The modules' own shell is checked
// by codegen; what that needs is found from the declarations (uses.go), so that it
// can be done with errors too.
//
// The binding time of an expression (Time) is found from its free variables
// alone and never from its value. It decides where a value goes: into a shared
// script, into one host's .env file, or into neither.
package compiler
