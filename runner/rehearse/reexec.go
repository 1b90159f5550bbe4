package rehearse

import (
	"fmt"
	"os"
)

// hidden is the first argument with which a program that has this package in it
// starts itself again in one of the rehearsal's parts. It is looked at before
// main, so that every program and every test binary can make hosts.
const hidden = "__sprayc-rehearse"

func init() {
	if len(os.Args) < 3 || os.Args[1] != hidden {
		return
	}
	if err := part(os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintf(os.Stderr, "rehearsal: %s: %v\n", os.Args[2], err)
		os.Exit(1)
	}
	os.Exit(0)
}
