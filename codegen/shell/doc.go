// Package shell is all that sprayc knows about shell text: how a value is
// quoted, how a script is printed, and what a script may not say.
//
// It stands between the plan and the bundle. codegen writes with it; the
// compiler checks modules' own scripts with it, at the shell file's own line.
//
// The types to know: [Word] is text that is already quoted, and only a quoter
// makes one, so an unquoted value does not compile. [Rules] says what a script
// may use without declaring it.
//
// What always holds: a value that went through [Quote] comes back from every
// shell byte for byte; what [Format] returns, it returns again unchanged.
package shell
