package receipt

import (
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner"
)

// WriteStatus writes how a cluster stands as JUnit's XML: each host a suite, and the cluster one
// of its own; each thing that is told of it a case. What is not well has failed, a host that
// cannot be reached is an error, and what is of one that is declared away is skipped.
func WriteStatus(path string, r *runner.StatusReport) error {
	suites := map[string]*suite{}
	var list []suite
	for i := range r.Lines {
		line := &r.Lines[i]
		name := line.Host
		if name == "" {
			name = "cluster " + r.Cluster
		}
		s := suites[name]
		if s == nil {
			s = &suite{Name: name, Timestamp: r.Time.UTC().Format("2006-01-02T15:04:05"), Seconds: "0.000"}
			suites[name] = s
		}
		s.tell(line)
	}
	for _, s := range suites {
		s.Tests = len(s.Cases)
		list = append(list, *s)
	}
	return writeJUnit(path, r.Cluster, list)
}

// tell adds a line.
func (s *suite) tell(line *runner.StatusLine) {
	c := tcase{Class: s.Name, Name: diag.Visible(line.What)}
	why := &reason{diag.Visible(line.Text), diag.Visible(line.Fix)}
	switch {
	case line.Declared:
		s.Skipped++
		c.Skipped = why
	case line.Status == runner.StatusUnreachable:
		s.Errors++
		c.Error = why
	case line.Status == runner.StatusBad:
		s.Failures++
		c.Failure = why
	}
	s.Cases = append(s.Cases, c)
}
