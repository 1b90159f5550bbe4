// Package diff says how two bundles differ in what they do: which hosts come and
// go, which resources change on which hosts and in which settings, what restarts
// and is interrupted for that, then the lines of the texts.
//
// It reads bundles alone. [Between] makes a [Report], which is shown as text,
// as JSON or as Markdown. The way there: each side's scripts are read back into
// calls of the library (script.go), the calls of each pair of classes that hosts
// were and are in are matched (match.go), compared argument by argument
// (args.go), texts by their settings, and gathered by what changes, with the
// hosts that it changes on (gather.go). What a host's own values make is
// compared host by host, all else once for each pair of classes.
//
// What always holds: what runs alike is no difference, whatever its place,
// comments, layout, variant or class is called; whatever else a host gets that
// differs is named; a change that many hosts share is said once; each host that
// does something else is in just one group; a value whose name says that it is a
// secret is not shown.
package diff
