//go:build !linux

package ssh

import "net"

func quick(conn net.Conn) net.Conn { return conn }
