//go:build e2e

package faults

import (
	"net"
	"sync"
	"testing"
)

// link is the network between the program and one host.
type link struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	turn  *sync.Cond
	state linkState
	conns map[net.Conn]bool
	sent  int64 // bytes towards the host, of all connections
	limit int64 // no more than these; 0 for no limit
	full  func()
}

// linkState is how a link is.
type linkState int

const (
	linkUp     linkState = iota
	linkDown             // what is open is reset, nothing new gets through
	linkSilent           // nothing is reset, nothing gets through
)

func newLink(t *testing.T, to string) *link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{listener: listener, to: to, conns: map[net.Conn]bool{}}
	l.turn = sync.NewCond(&l.mu)
	go l.serve()
	t.Cleanup(func() {
		listener.Close()
		l.set(linkDown)
	})
	return l
}

func (l *link) port() int { return l.listener.Addr().(*net.TCPAddr).Port }

func (l *link) serve() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.carry(conn)
	}
}

func (l *link) carry(near net.Conn) {
	defer near.Close()
	if !l.open(near) {
		return
	}
	defer l.gone(near)
	far, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer far.Close()
	if !l.open(far) {
		return
	}
	defer l.gone(far)
	done := make(chan struct{}, 2)
	go func() { l.copy(far, near, true); done <- struct{}{} }()
	go func() { l.copy(near, far, false); done <- struct{}{} }()
	<-done
}

// open counts a connection in, unless the link is down.
func (l *link) open(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state == linkDown {
		return false
	}
	l.conns[conn] = true
	return true
}

func (l *link) gone(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, conn)
}

func (l *link) copy(to, from net.Conn, up bool) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			l.pass(n, up)
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass waits until the link carries, and counts.
func (l *link) pass(n int, up bool) {
	l.mu.Lock()
	if up {
		l.sent += int64(n)
		if l.limit > 0 && l.sent >= l.limit {
			full := l.full
			l.limit = 0
			l.mu.Unlock()
			full()
			l.mu.Lock()
		}
	}
	for l.state == linkSilent {
		l.turn.Wait()
	}
	l.mu.Unlock()
}

// set changes how the link is.
func (l *link) set(state linkState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = state
	l.turn.Broadcast()
	if state == linkDown {
		for conn := range l.conns {
			conn.Close()
		}
	}
}

// after calls act once that many more bytes have gone to the host.
func (l *link) after(bytes int64, act func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.full = l.sent+bytes, act
}
