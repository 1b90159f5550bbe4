package receipt

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/runner"
)

// A suite for each host and one for the cluster; what is not well has failed.
func TestStatusAsJUnit(t *testing.T) {
	report := &runner.StatusReport{Cluster: "prod", Time: time.Unix(1000, 0), Lines: []runner.StatusLine{
		{What: "host", Host: "w1", Status: runner.StatusUnreachable, Text: "no route"},
		{What: "host", Host: "w2", Status: runner.StatusOK, Text: "maintenance", Declared: true},
		{What: "node", Host: "w1", Status: runner.StatusBad, Text: "NotReady\x1b", Fix: "look there"},
		{What: "node", Host: "cp1", Status: runner.StatusOK, Text: "Ready"},
		{What: "certificates", Host: "cp1", Status: runner.StatusWarn, Text: "ends in 3 days"},
		{What: "etcd", Status: runner.StatusBad, Text: "full"},
	}}
	path := filepath.Join(t.TempDir(), "status.xml")
	if err := WriteStatus(path, report); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got suites
	if err := xml.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	got.XMLName = xml.Name{}
	const at, seconds = "1970-01-01T00:16:40", "0.000"
	want := suites{Name: "prod", Tests: 6, Failures: 2, Errors: 1, Skipped: 1, Suites: []suite{
		{Name: "cluster prod", Tests: 1, Failures: 1, Timestamp: at, Seconds: seconds, Cases: []tcase{{Class: "cluster prod", Name: "etcd", Failure: &reason{Message: "full"}}}},
		{Name: "cp1", Tests: 2, Timestamp: at, Seconds: seconds, Cases: []tcase{{Class: "cp1", Name: "node"}, {Class: "cp1", Name: "certificates"}}},
		{Name: "w1", Tests: 2, Failures: 1, Errors: 1, Timestamp: at, Seconds: seconds, Cases: []tcase{
			{Class: "w1", Name: "host", Error: &reason{Message: "no route"}}, {Class: "w1", Name: "node", Failure: &reason{"NotReady<U+001B>", "look there"}}}},
		{Name: "w2", Tests: 1, Skipped: 1, Timestamp: at, Seconds: seconds, Cases: []tcase{{Class: "w2", Name: "host", Skipped: &reason{Message: "maintenance"}}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, text)
	}
}
