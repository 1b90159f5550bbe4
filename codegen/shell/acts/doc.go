// Package acts says what a module's own shell does, from its syntax tree: which
// files its commands write, which services they start, what they connect to.
//
// [Of] returns every [Act] of a script. Values are followed as far as the text
// tells: what variables are assigned, what functions are called with, what the
// script is given in env. What stays unknown in a path is a *; an act whose
// subject, or whose whole meaning, cannot be told is not Known, and its module has
// to declare it ([Declared]).
//
// Nothing is run. What always holds: a command that is not in the tables is never
// taken for one that only reads.
package acts
