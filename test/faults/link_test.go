//go:build e2e

package faults

import (
	"net"
	"strconv"
	"sync"
	"testing"
)

// link is the network between the program and one host.
type link struct {
	t    *testing.T
	port int
	to   string

	mu       sync.Mutex
	listener net.Listener
	turn     *sync.Cond
	state    linkState
	conns    map[net.Conn]bool
	sent     int64 // bytes towards the host, of all connections
	limit    int64 // no more than these; 0 for no limit
	full     func()
}

// linkState is how a link is.
type linkState int

const (
	linkUp     linkState = iota
	linkDown             // what is open is closed, connections are refused
	linkSilent           // nothing is reset, nothing gets through
)

func newLink(t *testing.T, to string) *link {
	t.Helper()
	l := &link{t: t, to: to, conns: map[net.Conn]bool{}}
	l.turn = sync.NewCond(&l.mu)
	l.listen()
	t.Cleanup(func() { l.set(linkDown) })
	return l
}

// listen takes connections, at the port that it had before.
func (l *link) listen() {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(l.port)))
	if err != nil {
		l.t.Fatal(err)
	}
	l.listener, l.port = listener, listener.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go l.carry(conn)
		}
	}()
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
	was := l.state
	l.state = state
	l.turn.Broadcast()
	switch {
	case state == linkDown && was != linkDown:
		l.listener.Close()
		for conn := range l.conns {
			conn.Close()
		}
	case state != linkDown && was == linkDown:
		l.listen()
	}
}

// after calls act once that many more bytes have gone to the host.
func (l *link) after(bytes int64, act func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.full = l.sent+bytes, act
}
