package observe

import (
	"errors"
	"strings"
)

// Around looks at hosts before and after something is run, and traces them between.
func Around(hosts []string, shell func(host string) Shell, run func()) (map[string]*Seen, error) {
	seen, namespaces := map[string]*Seen{}, map[string]string{}
	for _, host := range hosts {
		sh := shell(host)
		seen[host] = &Seen{Host: host, Before: Look(sh), Shell: sh}
		namespaces[strings.TrimSpace(sh("readlink /proc/1/ns/pid"))] = host
	}
	trace, err := Start(namespaces)
	if err != nil {
		return nil, err
	}
	run()
	events, err := trace.Stop()
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, errors.New("the trace has nothing")
	}
	for _, host := range hosts {
		seen[host].Events = events
		seen[host].After = Look(seen[host].Shell)
	}
	return seen, nil
}
