package ssh

import (
	"net"
	"syscall"
)

// quickConn acknowledges what it reads at once. A session is a ping-pong of
// small packets, and a delayed acknowledgement holds the other side's next one
// back (its Nagle) for 40 ms; measured, 91 ms for a lone session against 49. The
// kernel falls back by itself, so the option is set anew after each read.
type quickConn struct {
	net.Conn
	raw syscall.RawConn
}

func quick(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return conn
	}
	return &quickConn{Conn: conn, raw: raw}
}

func (c *quickConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	_ = c.raw.Control(func(fd uintptr) {
		// A kernel without the option is only slower.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	return n, err
}
