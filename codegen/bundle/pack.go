package bundle

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
)

// packed is the time that every file of a packed bundle has. It is not zero,
// as tar warns of an implausible time then.
var packed = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Pack returns what a host gets as a tar: the same bytes each time. With a
// role, or a role set, it has only the steps that make the host one of those,
// node's and all's with them, and its digest is another; what the other steps
// have made is let be. The paths are those of the bundle. Approvals, and the list that
// they sign, come with the whole of a host's bundle: a part is not what was approved.
func Pack(b *Bundle, host, role string) ([]byte, error) {
	files, err := b.hostBundle(host, role)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", host, err)
	}
	paths := make([]string, 0, len(files))
	size := 0
	for path, file := range files {
		paths = append(paths, path)
		size += len(file.Data) + 1024
	}
	sort.Strings(paths)
	var out bytes.Buffer
	out.Grow(size + 10240)
	w := tar.NewWriter(&out)
	for _, path := range paths {
		file := files[path]
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: path, Size: int64(len(file.Data)),
			Mode: int64(file.Perm()), ModTime: packed, Uname: "root", Gname: "root",
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", host, err)
		}
		if _, err := w.Write(file.Data); err != nil {
			return nil, fmt.Errorf("pack %s: %w", host, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", host, err)
	}
	return out.Bytes(), nil
}

// hostBundle returns the files that a host gets, or those of them that one
// role of it needs.
func (b *Bundle) hostBundle(host, role string) (map[string]File, error) {
	h := b.Plan.Host(host)
	if h == nil {
		return nil, unknown("the bundle", "host", host, hostNames(&b.Plan))
	}
	files := map[string]File{}
	for _, path := range b.HostFiles(host) {
		file, ok := b.Files[path]
		if !ok {
			return nil, fmt.Errorf("%w: %s is missing", ErrEdited, path)
		}
		files[path] = file
	}
	if role == "" {
		for path, data := range b.Approvals {
			files[path] = File{Data: data}
			files[SumsFile] = File{Data: b.List}
		}
		return files, nil
	}
	return b.narrow(files, h, role)
}

// unknown is the error for a name that something does not have.
func unknown(who, what, name string, names []string) error {
	text := fmt.Sprintf("%s has no %s %q", who, what, name)
	if fix := diag.Meant(name, names); fix != "" {
		text += "; " + fix
	}
	return errors.New(text)
}

func hostNames(p *Plan) []string {
	names := make([]string, len(p.Hosts))
	for i := range p.Hosts {
		names[i] = p.Hosts[i].Name
	}
	return names
}

// narrow drops the scripts of other roles, and makes the lists and the digest
// anew. Payloads and library files stay: they do no harm, and which script
// reads which is not the format's to know.
func (b *Bundle) narrow(files map[string]File, h *Host, role string) (map[string]File, error) {
	if roles := b.Plan.rolesOf(h); !slices.Contains(roles, role) {
		return nil, unknown(h.Name, "role", role, roles)
	}
	steps, scripts, kept := "", map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(files[StepsPath(h.Class)].Data)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("%w: %s", ErrEdited, StepsPath(h.Class))
		}
		scripts[fields[1]] = true
		step := b.Plan.Step(fields[0])
		if step != nil && BringsStep(role, step.Roles) {
			steps += line
			kept[fields[1]] = true
		}
	}
	if steps == "" {
		return nil, fmt.Errorf("no step of this host belongs to the role %q", role)
	}
	for script := range scripts {
		if !kept[script] {
			delete(files, script)
		}
	}
	files[StepsPath(h.Class)] = File{Data: []byte(steps)}
	var sums []Sum
	payloads := map[string]File{}
	own := map[string]bool{EnvPath(h.Name): true, SumsPath(h.Class): true}
	for _, path := range h.Files {
		own[path] = true
		payloads[path] = files[path]
	}
	for path, file := range files {
		if !own[path] {
			sums = append(sums, Sum{Digest: Digest(file.Data), Path: path})
		}
	}
	list := FormatSums(sums)
	files[SumsPath(h.Class)] = File{Data: list}
	env := append(slices.Clone(files[EnvPath(h.Name)].Data), "SPRAY_ROLE='"+role+"'\n"...)
	digest := HostDigest(h.Name, h.Class, Digest(list), env, payloads)
	files[EnvPath(h.Name)] = File{Data: WithDigest(env, digest)}
	return files, nil
}
