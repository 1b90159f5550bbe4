// Package page tries the review page (codegen/page) in a real browser: Debian's
// Chromium, driven by its debugging protocol. make e2e-page runs it; install.sh gets
// axe-core, which looks for what keeps people from using a page.
//
// With SHOTS=FOLDER the tests leave pictures of the page there, at each size, light and
// dark, to be looked at.
package page
