package lang

import (
	"fmt"
	"io/fs"
	"regexp"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

var componentSchema = &schema{
	labels: []string{"NAME"}, unique: true, name: stepName,
	attrs: []string{"url", "format", "default", "versions"},
}

var catalogSchema = &schema{blocks: map[string]*schema{"component": componentSchema}}

// libraryCatalogSchema is a catalog file's of the library, which may have the OS
// matrix too.
var libraryCatalogSchema = &schema{blocks: map[string]*schema{
	"component": componentSchema,
	"os":        {labels: []string{"NAME"}, unique: true, attrs: []string{"family", "id", "version_id", "major"}, required: []string{"family", "id", "version_id"}},
}}

// LoadCatalog reads a catalog file and lays it over what is there: versions are
// added to a component that is known, and what it says of its own (url, format,
// default) replaces the library's.
func LoadCatalog(into *Catalog, fsys fs.FS, name, shown string) diag.List {
	f := newFiles()
	if p := f.read(fsys.Open, name, shown, nil); p != nil {
		f.add(p)
	}
	for _, b := range f.top(catalogSchema, "a catalog") {
		f.component(into, b)
	}
	f.diags.Sort()
	return f.diags
}

// Clone is a catalog that can be changed without changing this one.
func (c *Catalog) Clone() *Catalog {
	out := &Catalog{Components: make(map[string]*Component, len(c.Components))}
	for name, component := range c.Components {
		own := *component
		own.Versions = make(map[string]map[string]Digest, len(component.Versions))
		for version, archs := range component.Versions {
			own.Versions[version] = archs // replaced as a whole, never changed
		}
		out.Components[name] = &own
	}
	return out
}

func (lib *Library) readCatalog(fsys fs.FS) diag.List {
	f := newFiles()
	f.trusted = true
	names, _ := fs.Glob(fsys, "catalog/*.hcl")
	f.readAll(fsys, names, libraryShown)
	for _, b := range f.top(libraryCatalogSchema, "the library's catalog") {
		if b.Type == "component" {
			f.component(lib.Catalog, b)
			continue
		}
		os := &OS{Name: b.Labels[0], Family: f.text(b.Attrs, "family"), ID: f.text(b.Attrs, "id"), VersionID: f.text(b.Attrs, "version_id")}
		os.Major = os.Family == "rhel"
		if b.Attrs["major"] != nil {
			os.Major = f.flag(b.Attrs, "major")
		}
		lib.OS[os.Name] = os
	}
	lib.merge(f)
	return f.diags
}

func (f *files) component(into *Catalog, b *BlockDecl) {
	c := into.Components[b.Labels[0]]
	if c == nil {
		c = &Component{Name: b.Labels[0], Versions: map[string]map[string]Digest{}, Span: b.Span}
		into.Components[c.Name] = c
		if b.Attrs["url"] == nil {
			f.report(diag.Diagnostic{Kind: diag.MissingArgument, Span: b.Span, Label: "a component that the library does not have needs url", Fix: `write url = "https://.../{version}/...-{arch}.tar.gz"`})
		}
	}
	if s := f.text(b.Attrs, "url"); s != "" {
		c.URL = f.bareURL(s, b.Attrs["url"].Expr)
	}
	if s := f.text(b.Attrs, "format"); s != "" {
		c.Format = s
	}
	f.versions(c, b.Attrs["versions"])
	if s := f.text(b.Attrs, "default"); s != "" {
		c.Default = s
		if len(c.Versions[s]) == 0 && !f.broken {
			f.report(diag.Diagnostic{Kind: diag.UnknownVersion, Span: Span(b.Attrs["default"].Expr.Range()), Label: fmt.Sprintf("versions has no %q", s), Fix: diag.Meant(s, sortedKeys(c.Versions))})
		}
	}
}

// versions reads { VERSION = { ARCH = DIGEST } }.
func (f *files) versions(c *Component, a *AttrDecl) {
	if a == nil {
		return
	}
	v, ok := f.constant(a)
	if !ok || v.IsNull() {
		return
	}
	wrong := func(at hcl.Expression, label string) {
		f.report(diag.Diagnostic{Kind: diag.WrongType, Span: Span(at.Range()), Label: label, Fix: `write "1.2.3" = { amd64 = "SHA-256" }`})
	}
	if !isObject(v) {
		wrong(a.Expr, "versions is an object: a version, then an architecture, then a digest")
		return
	}
	places, versions := pairs(a.Expr), v.AsValueMap()
	for _, version := range sortedKeys(versions) {
		at := a.Expr
		if p := places[version]; p != nil {
			at = p
		}
		if !isObject(versions[version]) {
			wrong(at, "a version is an object: an architecture, then a digest")
			continue
		}
		c.Versions[version] = f.digests(versions[version].AsValueMap(), at)
	}
}

// digests reads { ARCH = DIGEST }.
func (f *files) digests(archs map[string]cty.Value, expr hcl.Expression) map[string]Digest {
	digests := map[string]Digest{}
	places := pairs(expr)
	for _, arch := range sortedKeys(archs) {
		at := expr
		if p := places[arch]; p != nil {
			at = p
		}
		if d, ok := f.digest(archs[arch], at); ok {
			digests[arch] = d
		}
	}
	return digests
}

var sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// digest is one download: its digest, or an object with that, a size and a URL
// of its own.
func (f *files) digest(v cty.Value, at hcl.Expression) (Digest, bool) {
	var d Digest
	refuse := func(label string) (Digest, bool) {
		f.report(diag.Diagnostic{Kind: diag.InvalidValue, Span: Span(at.Range()), Label: label, Fix: "sha256sum FILE prints it"})
		return d, false
	}
	switch {
	case v.IsNull():
		return refuse("a download needs a digest")
	case v.Type() == cty.String:
		d.SHA256 = v.AsString()
	case isObject(v):
		for name, value := range v.AsValueMap() {
			switch {
			case name == "sha256" && value.Type() == cty.String && !value.IsNull():
				d.SHA256 = value.AsString()
			case name == "url" && value.Type() == cty.String && !value.IsNull():
				d.URL = f.bareURL(value.AsString(), at)
			case name == "size" && value.Type() == cty.Number && !value.IsNull():
				d.Size, _ = value.AsBigFloat().Int64()
			default:
				return refuse("a download has sha256, size and url")
			}
		}
	default:
		return refuse("a digest is text")
	}
	if !sha256Pattern.MatchString(d.SHA256) {
		return refuse("a digest is 64 hexadecimal digits in lower case")
	}
	return d, true
}

// bareURL reports a URL that has credentials in it, and returns it without them.
func (f *files) bareURL(url string, at hcl.Expression) string {
	bare, found := Credentials(url)
	if found {
		f.report(diag.Diagnostic{Kind: diag.URLCredentials, Span: Span(at.Range()), Label: CredentialsLabel, Fix: CredentialsFix})
	}
	return bare
}

func isObject(v cty.Value) bool {
	return !v.IsNull() && v.IsKnown() && (v.Type().IsObjectType() || v.Type().IsMapType())
}

// pairs are the values of an object expression by key, for their places.
func pairs(expr hcl.Expression) map[string]hcl.Expression {
	found, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return nil
	}
	m := make(map[string]hcl.Expression, len(found))
	for _, p := range found {
		key, diags := p.Key.Value(nil)
		if diags.HasErrors() || key.IsNull() || !key.IsKnown() {
			continue
		}
		if key, err := convert.Convert(key, cty.String); err == nil {
			m[key.AsString()] = p.Value
		}
	}
	return m
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// compilePattern compiles a regular expression that has to match the whole of
// a value.
func compilePattern(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + pattern + ")$")
}
