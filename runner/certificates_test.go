package runner

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// certificateLineOf is a line of events: a certificate that ends after so many hours.
func certificateLineOf(step, how, what, where, note string, now time.Time, hours int) string {
	ends := now.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339)
	return strings.Join([]string{"certificate", step, "m.hcl:1:1", how, what, where, note, ends, "2026-01-01T00:00:00Z", "0A", "CN=kubernetes", "O=system:masters, CN=" + what, "DNS:a"}, "\t")
}

func eventOf(t *testing.T, line string) Event {
	t.Helper()
	e, err := ParseEvent(line)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Each host is asked for nothing but its certificates; those that end first come first, what
// is the same on several hosts stands there once, and a certificate that ends soon is the
// status, whatever else.
func TestCertificates(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: []string{"cp1", "cp2"}}, {Name: "worker", Hosts: []string{"w1"}}}, []bundle.Step{
		{Name: "k/install", Roles: []string{"control_plane", "worker"}},
		{Name: "k/list", Roles: []string{"control_plane", "worker"}, Reports: []string{"certificates"}, Needs: []bundle.Need{{Step: "k/install", Gate: "ready"}}},
		{Name: "e/list", Roles: []string{"control_plane"}, Reports: []string{"certificates"}},
	})
	run := func(t *testing.T, days int, more func(*world)) (*CertificateReport, []string) {
		t.Helper()
		w := newWorld(plan)
		for _, host := range w.hosts {
			host.done["k/list"], host.done["e/list"] = true, true
			host.tells = []Event{eventOf(t, certificateLineOf("k/list", "file", "ca", "/etc/ca.crt", "", now, 24*3000))}
		}
		cp1 := w.hosts["cp1"]
		cp1.tells = append(cp1.tells,
			eventOf(t, certificateLineOf("k/list", "served", "kube-apiserver", "10.0.0.1:6443", "another than /etc/a.crt", now, 24*30-1)),
			eventOf(t, certificateLineOf("e/list", "file", "etcd/server", "/etc/e.crt", "", now, 24*30)),
			eventOf(t, certificateLineOf("e/list", "file", "late", "/etc/l.crt", "", now, -1)))
		more(w)
		gathered := &Certificates{Days: days, Now: func() time.Time { return now }}
		runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: Verify, Reports: "certificates", Sinks: []Sink{gathered}})
		return gathered.Report, w.executed
	}
	rows := func(r *CertificateReport) (all []string) {
		for _, c := range r.Certificates {
			days := "-"
			if c.DaysLeft != nil {
				days = fmt.Sprint(*c.DaysLeft)
			}
			all = append(all, fmt.Sprintf("%s %s %s %v", c.Host, c.What, days, c.Short))
		}
		return append(all, fmt.Sprint("code ", r.Code))
	}
	well := []string{"cp1 late -1 true", "cp1 kube-apiserver 29 true", "cp1 etcd/server 30 false", "cp1 ca 3000 false", "cp2 ca 3000 false", "w1 ca 3000 false", "code 3"}
	report, executed := run(t, 30, func(*world) {})
	if diff := cmp.Diff(well, rows(report)); diff != "" || len(executed) > 0 {
		t.Errorf("%s\n%v", diff, executed)
	}
	wide := `DAYS  NOT AFTER          HOST          CERTIFICATE     WHERE                    SUBJECT                              ISSUER
  -1  2026-11-22 11:00Z  cp1           late            /etc/l.crt               O=system:masters, CN=late            CN=kubernetes
  29  2026-12-22 11:00Z  cp1           kube-apiserver  served at 10.0.0.1:6443  O=system:masters, CN=kube-apiserver  CN=kubernetes
      another than /etc/a.crt
  30  2026-12-22 12:00Z  cp1           etcd/server     /etc/e.crt               O=system:masters, CN=etcd/server     CN=kubernetes
3000  2035-02-08 12:00Z  cp1, cp2, w1  ca              /etc/ca.crt              O=system:masters, CN=ca              CN=kubernetes

late on cp1 ended at 2026-11-22 11:00Z (/etc/l.crt)
kube-apiserver on cp1 ends in 29 days (10.0.0.1:6443)
6 certificates, 2 with fewer than 30 days left, 1 served unlike on disk
`
	if diff := cmp.Diff(wide, report.Text(Paper{}, false)); diff != "" {
		t.Error(diff)
	}
	for line := range strings.Lines(report.Text(Paper{Width: 80}, true)) {
		if len(line) > 81 {
			t.Errorf("too long for a terminal: %q", line)
		}
	}
	if text := report.Text(Paper{Width: 80}, true); !strings.Contains(text, "      for DNS:a\n      since 2026-01-01 00:00Z, serial 0A\n") || !strings.Contains(text, "      O=system:masters, CN=ca, by CN=kubernetes\n") {
		t.Error(text)
	}
	data, err := json.Marshal(report.Certificates[1])
	if err != nil {
		t.Fatal(err)
	}
	const asJSON = `{"host":"cp1","what":"kube-apiserver","where":"10.0.0.1:6443","served":true,"subject":"O=system:masters, CN=kube-apiserver","names":"DNS:a","issuer":"CN=kubernetes","serial":"0A","not_before":"2026-01-01T00:00:00Z","not_after":"2026-12-22T11:00:00Z","note":"another than /etc/a.crt","days_left":29,"short":true}`
	if string(data) != asJSON {
		t.Errorf("got %s", data)
	}

	unreachable := func(w *world) { w.hosts["w1"].away = true }
	unread := func(w *world) {
		w.hosts["cp2"].tells = append(w.hosts["cp2"].tells, eventOf(t, "certificate\tk/list\tm.hcl:1:1\tserved\tkubelet\t10.0.0.2:10250\tnothing is shown there\t"))
	}
	young := func(w *world) { w.hosts["cp1"].tells = w.hosts["cp1"].tells[:3] }
	both := func(all ...func(*world)) func(*world) {
		return func(w *world) {
			for _, f := range all {
				f(w)
			}
		}
	}
	for _, c := range []struct {
		name string
		days int
		more func(*world)
		code int
		ends string
	}{
		{"none ends soon", 29, young, 0, "\n5 certificates, none with fewer than 29 days left, 1 served unlike on disk\n"},
		{"a host is away", 29, both(young, unreachable), 4, "w1 unreachable: no route to host\n4 certificates, none with fewer than 29 days left, 1 served unlike on disk, 1 host left\n"},
		{"and one ends soon", 30, both(young, unreachable), 3, "1 host left\n"},
		{"one is not read", 29, both(young, unread), 1, "\n6 certificates, none with fewer than 29 days left, 1 served unlike on disk, 1 not read\n"},
		{"and another ends soon", 30, both(young, unread), 3, "1 not read\n"},
		{"a step fails", 29, both(young, func(w *world) { w.hosts["w1"].fails["k/list"], w.hosts["w1"].done["k/list"] = true, false }), 1, "1 host left\n"},
	} {
		report, _ := run(t, c.days, c.more)
		if text := report.Text(Paper{}, false); report.Code != c.code || !strings.HasSuffix(text, c.ends) {
			t.Errorf("%s: code %d:\n%s", c.name, report.Code, text)
		}
	}
}

// What a host says of a certificate is not believed when it cannot be, and shows no secret and
// nothing that a terminal would take for a command.
func TestCertificateEvents(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	good := certificateLineOf("k/list", "file", "x", "/x", "", now, 1)
	for line, want := range map[string]string{
		strings.TrimSuffix(good, "\tDNS:a"):                            "has 12 fields, not 13",
		"certificate\tk/list\tm.hcl:1:1\tfile\tx":                      "has 5 fields, not 8",
		strings.Replace(good, "2026-01-01T00:00:00Z", "tomorrow", 1):   `"tomorrow" is not a date`,
		strings.Replace(good, "2026-01-01T00:00:00Z", "2026-01-01", 1): `"2026-01-01" is not a date`,
		strings.Replace(good, "2026-01-01T00:00:00Z", "", 1):           `"" is not a date`,
	} {
		if _, err := ParseEvent(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
	}
	e := eventOf(t, strings.NewReplacer("CN=kubernetes", `a\x1b[2Jb`, "DNS:a", "hunter2").Replace(good))
	s := &sinks{redact: &redactor{}}
	s.redact.add([]byte("hunter2"))
	s.clean(&e)
	if e.Certificate.Names != "***" || strings.Contains(e.Certificate.Issuer, "\x1b") {
		t.Errorf("%q %q", e.Certificate.Names, e.Certificate.Issuer)
	}
}

// A bundle in which nothing tells of them is an error before any host is touched.
func TestNoCertificates(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: []string{"w1"}}}, []bundle.Step{{Name: "k/install", Roles: []string{"worker"}}})
	_, err := Run(t.Context(), &bundle.Bundle{Plan: *plan}, Options{Dialer: newWorld(plan), Operation: Verify, Reports: "certificates"})
	if err == nil || !strings.HasPrefix(err.Error(), "no step of the bundle tells of certificates") {
		t.Error(err)
	}
}
