// Package sbom says what a bundle brings to its hosts, as a software bill of materials:
// downloads with URL and digest, the system's packages by OS, and the images that its
// texts name.
//
// It is SPDX 2.3 in JSON. That is the version that those read who look for
// vulnerabilities in such documents, and that platforms take; of SPDX 3 there is hardly a
// reader yet. [Of] makes it from a bundle alone: downloads from plan.json, packages from
// what audit says of the scripts.
//
// Always true: the same bundle and the same time are the same bytes. SPDX wants a time;
// without one given it is that of no clock, the epoch, and the document says so.
package sbom
