package sbom

import (
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/package-url/packageurl-go"
	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// downloads adds what plan.json says is fetched, and what else audit found.
func (m *maker) downloads() {
	known := map[string]bool{}
	for _, a := range m.bundle.Plan.Artifacts {
		known[a.URL] = true
		if len(a.Steps) == 0 {
			continue // asked for, and fetched by nobody
		}
		p := download(a.URL, a.SHA256)
		p.PackageName, p.PackageVersion = a.Component, a.Version
		p.PackageExternalReferences = purls(upstream(a.URL), generic(a.Component, a.Version, a.URL, a.SHA256))
		m.add("Download-"+a.Component+"-"+a.Version+"-"+a.Arch+"-"+a.SHA256[:min(12, len(a.SHA256))], p, m.fetchers(a.URL))
	}
	for i := range m.report.Effects {
		e := &m.report.Effects[i]
		if e.Category != "fetch" || known[e.Subject] || !strings.Contains(e.Subject, "://") || strings.Contains(e.Subject, "{") {
			continue
		}
		sum := ""
		if f := e.Field("sha256"); f != nil {
			sum = f.Value
		}
		p := download(e.Subject, sum)
		p.PackageName = p.PackageFileName
		p.PackageExternalReferences = purls(generic(p.PackageName, "", e.Subject, sum))
		m.add("Download-"+e.Subject, p, m.hostsOf(e))
	}
}

// fetchers are the hosts that fetch a URL.
func (m *maker) fetchers(url string) (hosts []string) {
	for i := range m.report.Effects {
		if e := &m.report.Effects[i]; e.Category == "fetch" && e.Subject == url {
			hosts = append(hosts, m.hostsOf(e)...)
		}
	}
	return hosts
}

func (m *maker) hostsOf(e *audit.Effect) (hosts []string) {
	for _, c := range m.classes(e.On) {
		hosts = append(hosts, c.Hosts...)
	}
	return hosts
}

// download is a file from somewhere.
func download(url, sum string) *spdx.Package {
	p := &spdx.Package{PackageDownloadLocation: url, PackageFileName: path.Base(url), PrimaryPackagePurpose: "ARCHIVE"}
	if path.Ext(url) == "" || !strings.Contains(".gz.tgz.xz.zip.zst.bz2.tar", path.Ext(url)) {
		p.PrimaryPackagePurpose = "APPLICATION"
	}
	if sum != "" {
		p.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: sum}}
	}
	return p
}

// release is where GitHub has the files of a release, also behind a mirror.
var release = regexp.MustCompile(`/github\.com/([^/]+)/([^/]+)/releases/download/([^/]+)/`)

// upstream is the package URL of a release on GitHub, or none.
func upstream(url string) *packageurl.PackageURL {
	match := release.FindStringSubmatch(url)
	if match == nil {
		return nil
	}
	return packageurl.NewPackageURL(packageurl.TypeGithub, strings.ToLower(match[1]), strings.ToLower(match[2]), match[3], nil, "")
}

// generic is the package URL of a file by where it is.
func generic(name, version, url, sum string) *packageurl.PackageURL {
	qualifiers := map[string]string{"download_url": url}
	if sum != "" {
		qualifiers["checksum"] = "sha256:" + sum
	}
	return packageurl.NewPackageURL(packageurl.TypeGeneric, "", name, version, packageurl.QualifiersFromMap(qualifiers), "")
}

// purls are package URLs as SPDX refers to them.
func purls(list ...*packageurl.PackageURL) (refs []*spdx.PackageExternalReference) {
	for _, p := range list {
		if p != nil {
			refs = append(refs, &spdx.PackageExternalReference{Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL, Locator: p.ToString()})
		}
	}
	return refs
}

// packages adds the packages of the hosts' systems, each by OS and architecture.
func (m *maker) packages() {
	for i := range m.report.Effects {
		e := &m.report.Effects[i]
		if e.Category != "package" || e.Action != "installed" || strings.Contains(e.Subject, " ") {
			continue
		}
		for _, c := range m.classes(e.On) {
			class := m.bundle.Plan.Class(c.Name)
			name, version := e.Subject, ""
			if f := e.Field(class.Family); f != nil && f.Value != "" {
				name = f.Value
			}
			if f := e.Field("version"); f != nil {
				version = f.Value
			}
			p := &spdx.Package{
				PackageName: name, PackageVersion: version, PackageDownloadLocation: unknown, PrimaryPackagePurpose: "INSTALL",
				PackageExternalReferences: purls(system(class, name, version)),
			}
			if version == "" {
				p.PackageSourceInfo = "whichever version the repositories of " + class.OS + " have"
			}
			m.add("Package-"+class.OS+"-"+class.Arch+"-"+name+"-"+version, p, c.Hosts)
		}
	}
}

// machines are the architectures by rpm's names.
var machines = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}

// system is the package URL of a system's package.
func system(class *bundle.Class, name, version string) *packageurl.PackageURL {
	vendor, _, _ := strings.Cut(class.OS, "-")
	kind, arch := packageurl.TypeDebian, class.Arch
	if class.Family != "debian" {
		kind = packageurl.TypeRPM
		if rpm := machines[arch]; rpm != "" {
			arch = rpm
		}
	}
	return packageurl.NewPackageURL(kind, vendor, name, version, packageurl.QualifiersFromMap(map[string]string{"arch": arch, "distro": class.OS}), "")
}

// reference is an image with its registry, and a tag or a digest or both. A host with a
// port and a path looks like one without; a scheme before it tells.
var reference = regexp.MustCompile(`(?:^|[^A-Za-z0-9/.:@_-])((?:[a-z0-9-]+\.)+[a-z0-9-]+(?::[0-9]+)?/[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@sha256:([0-9a-f]{64}))?`)

// images adds the images that values of the scripts and payloads name, by class.
func (m *maker) images() error {
	for i := range m.bundle.Plan.Classes {
		class := &m.bundle.Plan.Classes[i]
		texts, err := m.texts(class)
		if err != nil {
			return err
		}
		for _, text := range texts {
			for _, match := range reference.FindAllStringSubmatch(text, -1) {
				if match[2] == "" && match[3] == "" {
					continue
				}
				m.image(match[1], match[2], match[3], m.hosts[class.Name])
			}
		}
	}
	return nil
}

// texts are the values of a class's resources, with the payloads that are no shell.
func (m *maker) texts(class *bundle.Class) ([]string, error) {
	var texts []string
	for _, use := range slices.Concat(class.Steps, class.Executes) {
		script, err := audit.ReadScript(use.Script, m.bundle.Files[use.Script].Data)
		if err != nil {
			return nil, err
		}
		for _, r := range script.Resources {
			for _, arg := range r.Args {
				texts = append(texts, arg.Value)
			}
		}
	}
	for _, sum := range bundle.ParseSums(m.bundle.Files[bundle.SumsPath(class.Name)].Data) {
		if strings.HasPrefix(sum.Path, "steps/") && !strings.HasSuffix(sum.Path, ".sh") {
			texts = append(texts, string(m.bundle.Files[sum.Path].Data))
		}
	}
	for _, h := range m.bundle.Plan.Hosts {
		if h.Class == class.Name {
			texts = append(texts, string(m.bundle.Files[bundle.EnvPath(h.Name)].Data))
			for _, file := range h.Files {
				texts = append(texts, string(m.bundle.Files[file].Data))
			}
		}
	}
	sort.Strings(texts)
	return texts, nil
}

// image adds one image.
func (m *maker) image(name, tag, digest string, hosts []string) {
	p := &spdx.Package{PackageName: name, PackageVersion: tag, PackageDownloadLocation: unknown, PrimaryPackagePurpose: "CONTAINER"}
	var ref *packageurl.PackageURL
	short, qualifiers := path.Base(name), map[string]string{"repository_url": name}
	if digest != "" {
		p.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: digest}}
		if tag != "" {
			qualifiers["tag"] = tag
		} else {
			p.PackageVersion = "sha256:" + digest
		}
		ref = packageurl.NewPackageURL(packageurl.TypeOCI, "", short, "sha256:"+digest, packageurl.QualifiersFromMap(qualifiers), "")
	} else {
		registry, rest, _ := strings.Cut(name, "/")
		ref = packageurl.NewPackageURL(packageurl.TypeDocker, strings.TrimPrefix(path.Dir(rest), "."), short, tag, packageurl.QualifiersFromMap(map[string]string{"repository_url": registry}), "")
		p.PackageSourceInfo = "by tag: what the registry has under it"
	}
	p.PackageExternalReferences = purls(ref)
	m.add("Image-"+name+"-"+tag+digest[:min(12, len(digest))], p, hosts)
}
