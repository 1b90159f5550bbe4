package main

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

// The workload: 10 folders, 15 files, 8 lines, 3 links, an archive, a package
// and a service, of which spec/ has the data.
//
//go:embed spec
var spec embed.FS

// workload is the data of spec/.
type workload struct {
	dirs, files, links [][]string // path|mode, template|path|mode, path|target
	lines              []string
	vars               map[string]string
}

const target = "/srv/peer"

const lineFile = "etc/sysctl.d/99-k8s.conf"

func readWorkload() workload {
	rows := func(name string) [][]string {
		text, err := spec.ReadFile("spec/" + name)
		if err != nil {
			panic(err) // it is compiled in
		}
		var out [][]string
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			out = append(out, strings.Split(line, "|"))
		}
		return out
	}
	w := workload{dirs: rows("dirs"), files: rows("files"), links: rows("links"), vars: map[string]string{}}
	for _, row := range rows("lines") {
		w.lines = append(w.lines, row[0])
	}
	for _, row := range rows("vars") {
		name, value, _ := strings.Cut(row[0], "=")
		w.vars[name] = value
	}
	return w
}

// template is a file of the workload with what is the same everywhere filled in.
func (w workload) template(name string) string {
	text, err := spec.ReadFile("spec/templates/" + name)
	if err != nil {
		panic(err)
	}
	out := string(text)
	for k, v := range w.vars {
		out = strings.ReplaceAll(out, "{{ "+k+" }}", v)
	}
	return out
}

// floorFunctions check and act, resource by resource.
const floorFunctions = `set -eu
umask 022
changed=0
ch() { changed=$((changed + 1)); }
mode() { [ "$(stat -c %a "$2")" = "$1" ] || { chmod "$1" "$2"; ch; }; }
dir() { [ -d "$2" ] || { mkdir "$2"; ch; }; mode "$1" "$2"; }
file() {
	t=$2.new.$$; (umask 077; cat > "$t")
	if cmp -s "$t" "$2"; then rm "$t"; mode "$1" "$2"; else chmod "$1" "$t"; mv "$t" "$2"; ch; fi
}
line() { grep -qxF "$2" "$1" 2>/dev/null || { echo "$2" >> "$1"; ch; }; }
lnk() { [ "$(readlink "$2")" = "$1" ] || { ln -sfn "$1" "$2"; ch; }; }
unpack() {
	[ "$(cat "$4/.sum" 2>/dev/null)" = "$1" ] && return 0
	curl -sSf -o "$3" "$2"
	echo "$1  $3" | sha256sum -c --status
	tar -xzf "$3" --no-same-owner -C "$4"; echo "$1" > "$4/.sum"; ch
}
`

// floor is the workload as a script by hand, for one host.
func (w workload) floor(h benchHost, url, digest string) string {
	var b strings.Builder
	b.WriteString(floorFunctions + "cd " + target + "\n")
	for _, d := range w.dirs {
		fmt.Fprintf(&b, "dir %s %s\n", d[1], d[0])
	}
	for _, f := range w.files {
		text := strings.NewReplacer("{{ name }}", h.name, "{{ address }}", h.address).Replace(w.template(f[0]))
		fmt.Fprintf(&b, "file %s %s <<'E_O_F'\n%sE_O_F\n", f[2], f[1], text)
	}
	for _, l := range w.lines {
		fmt.Fprintf(&b, "line %s %s\n", lineFile, l)
	}
	fmt.Fprintf(&b, "mode 644 %s\n", lineFile)
	for _, l := range w.links {
		fmt.Fprintf(&b, "lnk %s %s\n", l[1], l[0])
	}
	fmt.Fprintf(&b, "unpack %s %s /srv/payload.tgz opt/cni/bin\n", digest, url)
	b.WriteString("dpkg -s openssh-client > /dev/null\n[ \"$(/srv/svc is-active containerd)\" = active ]\necho \"changed=$changed\"\n")
	return b.String()
}

// definition is the workload as a sprayc definition: the files by name.
func (w workload) definition(n int, url, digest string) map[string]string {
	files := map[string]string{
		"cluster.hcl": fmt.Sprintf(`cluster "bench" {}

ssh {
  user = "root"
  port = %s
}

hosts "h[01-%02d]" {
  roles   = ["worker"]
  address = cidrhost("127.0.0.0/24", 1 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

preflight "none" {}
os        "none" {}
runtime   "none" {}

catalog "./versions.hcl" {}
module  "./workload" {}
`, sshPort, n),
		"versions.hcl":              fmt.Sprintf("component \"payload\" {\n  url      = %q\n  format   = \"tar.gz\"\n  default  = \"1.0.0\"\n  versions = { \"1.0.0\" = { amd64 = %q } }\n}\n", url, digest),
		"workload/service.probe.sh": "if [ \"$(/srv/svc is-active containerd)\" = active ]; then\n\tok\nelse\n\tdiffers 'is not active'\nfi\n",
		"workload/service.act.sh":   "/srv/svc start containerd\n",
		"workload/module.hcl":       w.module(),
	}
	for _, f := range w.files {
		text := strings.NewReplacer("{{ name }}", "${name}", "{{ address }}", "${address}").Replace(w.template(f[0]))
		files["workload/"+f[0]] = text
	}
	return files
}

func (w workload) module() string {
	var b strings.Builder
	b.WriteString("module { summary = \"40 steps of a host\" }\n\nartifact \"payload\" {\n  component = \"payload\"\n  version   = catalog.payload.default\n}\n\n")
	b.WriteString("step \"workload\" {\n  roles    = [\"worker\"]\n  stage    = \"prepare\"\n  commands = [\"svc\"]\n\n")
	for _, d := range w.dirs {
		fmt.Fprintf(&b, "  directory %q { mode = \"0%s\" }\n", path.Join(target, d[0]), d[1])
	}
	for _, f := range w.files {
		content := fmt.Sprintf("file(%q)", f[0])
		if text := w.template(f[0]); strings.Contains(text, "{{ ") {
			var names []string
			for _, name := range []string{"address", "name"} {
				if strings.Contains(text, "{{ "+name+" }}") {
					names = append(names, name+" = host."+name)
				}
			}
			content = fmt.Sprintf("template(%q, { %s })", f[0], strings.Join(names, ", "))
		}
		fmt.Fprintf(&b, "  file %q {\n    content = %s\n    mode    = \"0%s\"\n  }\n", path.Join(target, f[1]), content, f[2])
	}
	for i, l := range w.lines {
		fmt.Fprintf(&b, "  line \"line-%d\" {\n    path   = %q\n    line   = %q\n    create = true\n  }\n", i+1, path.Join(target, lineFile), l)
	}
	for _, l := range w.links {
		fmt.Fprintf(&b, "  symlink %q { target = %q }\n", path.Join(target, l[0]), l[1])
	}
	fmt.Fprintf(&b, "  archive %q { artifact = artifact.payload }\n  package \"openssh-client\" {}\n", path.Join(target, "opt/cni/bin"))
	b.WriteString("  exec \"service\" {\n    probe = file(\"service.probe.sh\")\n    act   = file(\"service.act.sh\")\n    effects = { \"svc is-active\" = [], \"svc start\" = [\"starts containerd\"] }\n  }\n}\n")
	return b.String()
}
