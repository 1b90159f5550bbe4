// Package ssh opens connections to hosts as the user's own ssh would:
// ~/.ssh/config, the agent, certificates, jump hosts and known_hosts all count,
// and a host key is never taken on trust without a word.
//
// The types to know are [Client], which holds what all hosts share (the
// configuration, the agent, jump hosts, the sudo password), [Target], one host,
// [Conn], a connection that is kept open, and [Command], the only text that may
// be given to a remote login shell.
//
// What always holds: nothing secret is in an argument; a command runs as root or
// not at all; a link that has gone silent is closed within the keepalive time,
// so nothing waits forever.
package ssh
