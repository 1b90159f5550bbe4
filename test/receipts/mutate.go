package receipts

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Mutate writes a copy of a bundle in which the files are as edit leaves them, and all
// digests made anew as build makes them: whoever checks it finds it whole. Files may be
// changed, not added or removed.
func Mutate(from, to string, edit func(files map[string]bundle.File) error) error {
	b, err := bundle.Read(from)
	if err != nil {
		return err
	}
	if err := edit(b.Files); err != nil {
		return fmt.Errorf("mutate %s: %w", from, err)
	}
	for i := range b.Plan.Classes {
		class := &b.Plan.Classes[i]
		sums := bundle.ParseSums(b.Files[bundle.SumsPath(class.Name)].Data)
		for i := range sums {
			sums[i].Digest = bundle.Digest(b.Files[sums[i].Path].Data)
		}
		list := bundle.FormatSums(sums)
		b.Files[bundle.SumsPath(class.Name)] = bundle.File{Data: list}
		class.Digest = bundle.Digest(list)
	}
	for i := range b.Plan.Hosts {
		host := &b.Plan.Hosts[i]
		payloads := map[string]bundle.File{}
		for _, path := range host.Files {
			payloads[path] = b.Files[path]
		}
		env := b.Files[bundle.EnvPath(host.Name)]
		host.Digest = bundle.HostDigest(host.Name, host.Class, b.Plan.Class(host.Class).Digest, env.Data, payloads)
		env.Data = bundle.WithDigest(env.Data, host.Digest)
		b.Files[bundle.EnvPath(host.Name)] = env
	}
	return bundle.Write(to, b)
}

// Replace is an edit that replaces one text of a file, which stands there once.
func Replace(name, text, by string) func(map[string]bundle.File) error {
	return func(files map[string]bundle.File) error {
		file := files[name]
		if n := strings.Count(string(file.Data), text); n != 1 {
			return fmt.Errorf("%s has %d times, not once: %s", name, n, text)
		}
		file.Data = []byte(strings.Replace(string(file.Data), text, by, 1))
		files[name] = file
		return nil
	}
}

// call is where the driver calls an act, or a probe, and what follows.
const call = "\t\"${res_kind}_$1\"\n\tres_code=$?\n"

// Disable is an edit that disables the act of one resource: it does nothing and ends well.
func Disable(step, kind, name string) func(map[string]bundle.File) error {
	return Replace("lib/core.sh", call, "\t[ \"$1 $step_name $res_kind $res_name\" = 'act "+step+" "+kind+" "+name+"' ] || "+strings.TrimPrefix(call, "\t"))
}
