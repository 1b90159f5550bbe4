package receipt

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// suites is JUnit's XML, as continuous integration reads it: each host a suite, each
// setting a case.
type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name      string  `xml:"name,attr"`
	Tests     int     `xml:"tests,attr"`
	Failures  int     `xml:"failures,attr"`
	Errors    int     `xml:"errors,attr"`
	Skipped   int     `xml:"skipped,attr"`
	Timestamp string  `xml:"timestamp,attr"`
	Seconds   string  `xml:"time,attr"`
	Cases     []tcase `xml:"testcase"`
}

type tcase struct {
	Class   string  `xml:"classname,attr"` // the host and the step
	Name    string  `xml:"name,attr"`
	Failure *reason `xml:"failure,omitempty"`
	Error   *reason `xml:"error,omitempty"`
	Skipped *reason `xml:"skipped,omitempty"`
}

type reason struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// suiteOf is a host's receipt as a suite: what is unproven has failed, what was not read is
// skipped, and a host that did not come to its end is an error.
func suiteOf(r *Receipt) suite {
	s := suite{Name: r.Host, Timestamp: r.Began.UTC().Format("2006-01-02T15:04:05"), Seconds: fmt.Sprintf("%.3f", max(0, r.Ended.Sub(r.Began).Seconds()))}
	if r.Began.IsZero() {
		s.Timestamp, s.Seconds = r.Ended.UTC().Format("2006-01-02T15:04:05"), "0.000"
	}
	for i := range r.Settings {
		one := &r.Settings[i]
		c := tcase{Class: r.Host + "." + one.Step, Name: diag.Visible(one.Kind + " " + one.Name)}
		switch one.Status {
		case Unproven:
			s.Failures++
			c.Failure = &reason{diag.Visible(one.brief()), diag.Visible(one.Source)}
		case Unread:
			s.Skipped++
			c.Skipped = &reason{Message: diag.Visible(strings.TrimSpace("not read. " + one.Reason))}
		}
		s.Cases = append(s.Cases, c)
	}
	if r.Reason != "" {
		s.Errors++
		s.Cases = append(s.Cases, tcase{Class: r.Host, Name: "host", Error: &reason{Message: diag.Visible(r.Status + ": " + r.Reason)}})
	}
	s.Tests = len(s.Cases)
	return s
}

// writeJUnit writes the suites of a run's receipts, hosts by name. The file is there whole
// or not at all.
func writeJUnit(path, cluster string, list []suite) error {
	slices.SortFunc(list, func(x, y suite) int { return strings.Compare(x.Name, y.Name) })
	all := suites{Name: cluster, Suites: list}
	for _, s := range list {
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("the JUnit report: %w", err)
	}
	made, err := os.CreateTemp(filepath.Dir(path), ".junit.*")
	if err != nil {
		return fmt.Errorf("the JUnit report: %w", err)
	}
	defer os.Remove(made.Name())
	_, err = made.WriteString(xml.Header + string(text) + "\n")
	if closed := made.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(made.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(made.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("the JUnit report: %w", err)
	}
	return nil
}
