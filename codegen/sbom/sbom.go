package sbom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// unknown is what SPDX has for what nobody says.
const unknown = "NOASSERTION"

// bundleID is the bundle itself in the document.
const bundleID = "Bundle"

// item is something that the bundle brings, with the hosts that get it.
type item struct {
	pkg   *spdx.Package
	hosts []string
}

// maker collects the items of one bundle.
type maker struct {
	bundle *bundle.Bundle
	report *audit.Report
	hosts  map[string][]string // by class
	items  map[string]*item    // by SPDX identifier
}

// Of makes the document of a bundle that was read. The time is when it was made; the
// zero time is for one that is to be the same whenever it is made.
func Of(b *bundle.Bundle, created time.Time) (*spdx.Document, error) {
	report, err := audit.Of(b)
	if err != nil {
		return nil, err
	}
	m := &maker{bundle: b, report: report, hosts: map[string][]string{}, items: map[string]*item{}}
	for _, c := range report.Classes {
		m.hosts[c.Name] = c.Hosts
	}
	m.downloads()
	m.packages()
	if err := m.images(); err != nil {
		return nil, err
	}
	return m.document(created), nil
}

// JSON is a document as text.
func JSON(doc *spdx.Document) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode SPDX: %w", err)
	}
	return out.Bytes(), nil
}

// document puts the document together.
func (m *maker) document(created time.Time) *spdx.Document {
	b := m.bundle
	info := &spdx.CreationInfo{Creators: []common.Creator{{CreatorType: "Tool", Creator: "sprayc-" + b.Plan.Version}}}
	if created.IsZero() {
		created = time.Unix(0, 0)
		info.CreatorComment = "created is the epoch, as no time was given: the same bundle has the same document. SOURCE_DATE_EPOCH or --created gives one."
	}
	info.Created = created.UTC().Format("2006-01-02T15:04:05Z")
	doc := &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName:      "sprayc bundle of " + b.Plan.Cluster,
		DocumentNamespace: "https://spdx.org/spdxdocs/sprayc-" + identifier(b.Plan.Cluster) + "-" + b.Digest(),
		DocumentComment:   "What the bundle's scripts install. Images that a program chooses by itself, as kubeadm does for a version of Kubernetes, are named by no text of the bundle and are not here.",
		CreationInfo:      info,
	}
	root := &spdx.Package{
		PackageName: b.Plan.Cluster, PackageSPDXIdentifier: bundleID, PackageDownloadLocation: unknown,
		PackageChecksums: []common.Checksum{{Algorithm: common.SHA256, Value: b.Digest()}},
		PackageSummary:   "a bundle of sprayc; its digest is that of bundle.sha256", PrimaryPackagePurpose: "INSTALL",
	}
	doc.Packages = []*spdx.Package{licensed(root)}
	relate := func(from common.ElementID, how string, to common.ElementID) {
		doc.Relationships = append(doc.Relationships, &spdx.Relationship{RefA: common.MakeDocElementID("", string(from)), RefB: common.MakeDocElementID("", string(to)), Relationship: how})
	}
	relate("DOCUMENT", "DESCRIBES", bundleID)
	ids := make([]string, 0, len(m.items))
	for id := range m.items {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		it := m.items[id]
		if len(it.hosts) > 0 {
			it.pkg.PackageComment = "on " + bundle.HostSet(it.hosts)
		}
		doc.Packages = append(doc.Packages, licensed(it.pkg))
		relate(bundleID, "DEPENDS_ON", common.ElementID(id))
	}
	return doc
}

// licensed fills in what SPDX wants to hear of every package and no bundle knows.
func licensed(p *spdx.Package) *spdx.Package {
	p.PackageLicenseConcluded, p.PackageLicenseDeclared, p.PackageCopyrightText = unknown, unknown, unknown
	return p
}

// add adds an item, or hosts to the one that is there.
func (m *maker) add(id string, p *spdx.Package, hosts []string) {
	id = strings.TrimRight(identifier(id), "-")
	it := m.items[id]
	if it != nil && (it.pkg.PackageName != p.PackageName || it.pkg.PackageVersion != p.PackageVersion) {
		id += "-" + bundle.Digest([]byte(p.PackageName + " " + p.PackageVersion))[:8] // another whose name has the same letters and digits
		it = m.items[id]
	}
	if it == nil {
		p.PackageSPDXIdentifier = common.ElementID(id)
		it = &item{pkg: p}
		m.items[id] = it
	}
	for _, h := range hosts {
		if !slices.Contains(it.hosts, h) {
			it.hosts = append(it.hosts, h)
		}
	}
	sort.Strings(it.hosts)
}

// identifier is a text as an SPDX identifier may have it: letters, digits, dots and
// dashes.
func identifier(text string) string {
	var b strings.Builder
	for _, r := range text {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-' {
			b.WriteRune(r)
		} else {
			b.WriteByte('-')
		}
	}
	return b.String()
}

// classes are those that an effect is for.
func (m *maker) classes(on []audit.On) []audit.Class {
	var list []audit.Class
	for _, c := range m.report.Classes {
		if slices.ContainsFunc(on, func(o audit.On) bool {
			if len(o.Classes) > 0 {
				return slices.Contains(o.Classes, c.Name)
			}
			return bundle.InRole(c.Roles, o.Role)
		}) {
			list = append(list, c)
		}
	}
	return list
}
