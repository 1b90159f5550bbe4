package receipt

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each host is a suite and each setting a case: what is unproven has failed, what was not
// read is skipped. What a host says cannot leave its attribute.
func TestJUnit(t *testing.T) {
	began := time.Unix(1000, 0)
	receipts := []*Receipt{
		{Host: "w2", Began: began, Ended: began.Add(1500 * time.Millisecond), Status: "failed", Reason: "a/one failed", Settings: []Setting{
			{Step: "a/one", Kind: "file", Name: "/a", Status: Proven},
			{Step: "a/one", Kind: SettingKind, Name: "it", Status: Unproven, Wanted: "1", Found: "\"/><failure\x1b[31m", How: "cat", Source: "m.hcl:3:1"},
			{Step: "a/two", Kind: "verify", Name: "all", Status: Unread, Reason: "nothing has changed"},
		}},
		{Host: "w1", Ended: began, Status: "unreachable", Reason: "no route"},
	}
	var list []suite
	for _, r := range receipts {
		list = append(list, suiteOf(r))
	}
	path := filepath.Join(t.TempDir(), "report.xml")
	if err := writeJUnit(path, "prod", list); err != nil {
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
	want := suites{Name: "prod", Tests: 5, Failures: 1, Errors: 2, Skipped: 1, Suites: []suite{
		{Name: "w1", Tests: 1, Errors: 1, Timestamp: "1970-01-01T00:16:40", Seconds: "0.000", Cases: []tcase{
			{Class: "w1", Name: "host", Error: &reason{Message: "unreachable: no route"}}}},
		{Name: "w2", Tests: 4, Failures: 1, Errors: 1, Skipped: 1, Timestamp: "1970-01-01T00:16:40", Seconds: "1.500", Cases: []tcase{
			{Class: "w2.a/one", Name: "file /a"},
			{Class: "w2.a/one", Name: "setting it", Failure: &reason{`it: "/><failure<U+001B>[31m, wanted 1 (cat)`, "m.hcl:3:1"}},
			{Class: "w2.a/two", Name: "verify all", Skipped: &reason{Message: "not read. nothing has changed"}},
			{Class: "w2", Name: "host", Error: &reason{Message: "failed: a/one failed"}}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, text)
	}

	if err := writeJUnit(filepath.Join(t.TempDir(), "nowhere", "r.xml"), "c", nil); err == nil {
		t.Error("a report in a folder that is not there was written")
	}
}
