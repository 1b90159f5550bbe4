// Package page makes the review page of a bundle: one HTML file that opens from the
// disk, offline, and has all that a reviewer decides on. What the bundle does is
// codegen/audit's, where each value comes from codegen/origin's, what is new since an
// older bundle codegen/diff's; here they are put before a reader.
//
// [Write] is all there is. The text stands in the page as HTML, which html/template
// escapes: without JavaScript it can be read and printed. The script in it adds what
// is convenient: search, sorting, colours, origins beside lines, and the hosts, of
// which there may be thousands, from compact data when they are asked for.
//
// What always holds: the same bundles make the same bytes. The page asks no network
// for anything, and its Content-Security-Policy lets it not. A value of the bundle,
// whatever it says, is text: no markup, no script, and no character of it is invisible.
package page
