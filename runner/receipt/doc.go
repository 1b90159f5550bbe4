// Package receipt says, host by host, what a run or verify has proven: each thing that the
// bundle wants there, what was found, and how that was read.
//
// The types to know are [Receipt], which begins with everything that the bundle wants of a
// host and takes in what the host reports, and [Book], which keeps those of a run and writes
// them: HOST.json, HOST.txt for people and, when there is a key, HOST.json.sig, an SSH
// signature that ssh-keygen -Y verify checks too.
//
// What always holds: nothing is proven that was not asked on the host in this run; what the
// bundle does not want is never proven; and a signature stands beside no other receipt than
// its own.
package receipt
