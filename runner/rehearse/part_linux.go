package rehearse

import "fmt"

// part runs one of the hidden parts of the program.
func part(name string, args []string) error {
	switch name {
	case "keeper":
		return keeper()
	case "cell":
		return cell()
	case "host":
		return host()
	case "sshd":
		return serveSSH()
	case "stand-in":
		return runStandIn(args)
	case "dial":
		return dialStdio(args)
	}
	return fmt.Errorf("no such part; this is a bug in sprayc")
}
