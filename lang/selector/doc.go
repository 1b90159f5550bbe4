// Package selector is the small language that says which hosts are meant:
//
//	role:worker & os:rhel & !host:w3
//	host:cp[1-3] | role:etcd
//	(role:worker | role:storage) & arch:{amd64,arm64}
//
// A term is KEY:VALUE; a value may be a host pattern, which then means any of
// its names. "!" binds more tightly than "&", which does so than "|". What keys
// there are, and what values a host has for one, is the caller's to say. The
// package knows no HCL.
package selector
