package runner

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Certificate is one certificate as a host has told of it: on disk, or as it is served.
type Certificate struct {
	What    string    `json:"what"`   // "apiserver", "kubelet as a client"
	Where   string    `json:"where"`  // the file, or HOST:PORT
	Served  bool      `json:"served"` // else it is on disk
	Subject string    `json:"subject"`
	Names   string    `json:"names"` // "DNS:a, IP:10.0.0.1"
	Issuer  string    `json:"issuer"`
	Serial  string    `json:"serial,omitempty"` // in hexadecimal; of one that curl does not show whole it is not known
	Begins  time.Time `json:"not_before,omitzero"`
	Ends    time.Time `json:"not_after,omitzero"` // zero when nothing is served
	Note    string    `json:"note,omitempty"`
}

// parseCertificate reads the fields of an event, of which the first three are of all:
// HOW WHAT WHERE NOTE, and END BEGIN SERIAL ISSUER SUBJECT NAMES as stdlib/lib/certificate.sh
// has them, or nothing of these.
func parseCertificate(fields []string) (*Certificate, error) {
	if len(fields) < 8 {
		return nil, fmt.Errorf("it has %d fields, not 8", len(fields))
	}
	c := &Certificate{Served: fields[3] == "served", What: fields[4], Where: fields[5], Note: fields[6]}
	if fields[7] == "" {
		return c, nil
	}
	if len(fields) < 13 {
		return nil, fmt.Errorf("it has %d fields, not 13", len(fields))
	}
	for i, at := range []*time.Time{&c.Ends, &c.Begins} {
		var err error
		if *at, err = time.Parse(time.RFC3339, fields[7+i]); err != nil {
			return nil, fmt.Errorf("%q is not a date", fields[7+i])
		}
	}
	c.Serial, c.Issuer, c.Subject, c.Names = fields[9], fields[10], fields[11], fields[12]
	return c, nil
}

// texts are what a host has said of it.
func (c *Certificate) texts() []*string {
	return []*string{&c.What, &c.Where, &c.Subject, &c.Names, &c.Issuer, &c.Serial, &c.Note}
}

// CertificatesSchema is the version of a [CertificateReport] as JSON. Fields are added
// without a new one.
const CertificatesSchema = 1

// CertificateReport is every certificate of a cluster; those that end first come first.
type CertificateReport struct {
	Schema       int               `json:"schema"`
	Cluster      string            `json:"cluster"`
	Code         int               `json:"exit_code"`
	Time         time.Time         `json:"time"` // of which the days are
	Days         int               `json:"days"` // fewer than so many left are too few
	Certificates []HostCertificate `json:"certificates"`
	Left         []PlanLeft        `json:"left"` // hosts that could not be asked, or not of all
}

// HostCertificate is one of a host's.
type HostCertificate struct {
	Host string `json:"host"`
	Certificate
	DaysLeft *int `json:"days_left"`       // whole days, negative when it has ended; null when it was not read
	Short    bool `json:"short,omitempty"` // fewer than wanted
}

// Certificates is a sink that gathers what hosts tell of certificates. Its report is there
// when the run has ended.
type Certificates struct {
	// Days is how many days each must have left.
	Days   int
	Now    func() time.Time
	Report *CertificateReport

	seen []HostCertificate
}

// Begin does nothing.
func (*Certificates) Begin(Overview) {}

// Event takes in a certificate.
func (c *Certificates) Event(e Event) {
	if e.Type == Certified {
		c.seen = append(c.seen, HostCertificate{Host: e.Host, Certificate: *e.Certificate})
	}
}

// End makes the report.
func (c *Certificates) End(r Result) {
	now := c.Now()
	report := &CertificateReport{Schema: CertificatesSchema, Cluster: r.Cluster, Time: now.UTC().Truncate(time.Second), Days: c.Days, Certificates: append([]HostCertificate{}, c.seen...), Left: []PlanLeft{}}
	for i := range report.Certificates {
		one := &report.Certificates[i]
		if one.Ends.IsZero() {
			continue
		}
		left := wholeDays(one.Ends.Sub(now))
		one.DaysLeft, one.Short = &left, left < c.Days
	}
	slices.SortStableFunc(report.Certificates, func(a, b HostCertificate) int {
		return cmp.Or(a.Ends.Compare(b.Ends), cmp.Compare(a.What, b.What), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Where, b.Where))
	})
	for i := range r.Hosts {
		if host := &r.Hosts[i]; host.Reason != "" {
			report.Left = append(report.Left, PlanLeft{host.Host, host.Status, host.Reason, host.Fix})
		}
	}
	report.Code = report.code(r)
	c.Report = report
}

// wholeDays are those in a duration; less than none is a day less.
func wholeDays(d time.Duration) int {
	const day = 24 * time.Hour
	days := int(d / day)
	if d < 0 && d%day != 0 {
		days--
	}
	return days
}

// code is 3 when a certificate has too few days left, whatever else; else 1 when something
// was not read, else that of the run.
func (c *CertificateReport) code(r Result) int {
	unread := false
	for i := range c.Certificates {
		if c.Certificates[i].Short {
			return ExitWarning
		}
		unread = unread || c.Certificates[i].DaysLeft == nil
	}
	if unread {
		return ExitError
	}
	return r.Code()
}
