// Crio stands in for CRI-O where the runtime itself is not what is tested: it answers the
// questions of examples/own-runtime, and its daemon says that it runs.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	switch strings.Join(os.Args[1:], " ") {
	case "status info":
		fmt.Println("cgroup driver: systemd")
	case "version":
		fmt.Println("Version: 1.36.3")
	default:
		if err := daemon(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// daemon tells systemd that it is ready, and waits for its end.
func daemon() error {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	conn, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte("READY=1")); err != nil {
		return err
	}
	<-end
	return conn.Close()
}
