// Package audit says what a bundle does to its hosts: the effects of every
// resource, as the kinds' headers declare them, and of the modules' own shell,
// as its syntax tree shows or its module declares them.
//
// The types to know are [Report], the whole, and [Effect], one thing that is
// done: by which script line, on whom, and what it means for the host's
// security. [Of] makes the report; its Text, Markdown and JSON are the same in
// three forms. What several classes share is there once; what differs between
// hosts is a [Value], whose forms have the host's name and address taken out.
//
// Nothing but the bundle is read: the kinds' declarations travel in plan.json,
// so a reviewer needs neither the definition nor the library that it was built
// with. Audit knows no kind by name.
package audit
