// Package hostpattern expands the label of a hosts block to the names that it
// stands for: ranges, zero-padded where the first number is, and lists.
//
//	cp[1-3]              cp1 cp2 cp3
//	node[01-20]          node01 node02 ... node20
//	rack{a,b}-n[1-4]     racka-n1 ... racka-n4 rackb-n1 ... rackb-n4
//	w[1-3,7,10-12]       w1 w2 w3 w7 w10 w11 w12
//
// The last range or list turns fastest. A host's index is the number in its
// name: that of the last range; without one, 1, 2, ... as they come out.
//
// Expand takes any words, as selectors have them (role:{control_plane,etcd});
// Hosts only what can be a host's name. The package knows no HCL.
package hostpattern
