package runner

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// parcels makes what hosts are sent. The files of a class are packed, and
// compressed, once for all of its hosts: a tar may be cut between two files and a
// gzip stream between two members, so a host's parcel is its class's and its own,
// one after the other.
type parcels struct {
	bundle *bundle.Bundle

	mu      sync.Mutex
	classes map[string]*sharedParcel

	// What says who approves of the bundle: its list and the signatures. The paths, sorted;
	// DIGEST=PATH of each; and the tar, packed once for all hosts.
	sealed []string
	seals  []string
	seal   sharedParcel
}

type sharedParcel struct {
	once  sync.Once
	plain []byte
	zip   []byte
	err   error
}

// parcel is one host's share of the bundle.
type parcel struct {
	digest string
	sums   []string // DIGEST=PATH: the class's list first, then the host's own
	shared *sharedParcel
	class  string
	own    []string
	seals  []string // DIGEST=PATH of what says who approves
	all    *parcels
	bundle *bundle.Bundle
}

func newParcels(b *bundle.Bundle) *parcels {
	p := &parcels{bundle: b, classes: map[string]*sharedParcel{}}
	if len(b.Approvals) == 0 {
		return p
	}
	p.sealed = append(slices.Sorted(maps.Keys(b.Approvals)), bundle.SumsFile)
	for _, path := range p.sealed {
		p.seals = append(p.seals, bundle.Digest(b.Outside(path))+"="+path)
	}
	return p
}

// of returns a host's parcel; nothing is packed yet.
func (p *parcels) of(host bundle.Host) (parcel, error) {
	class := p.bundle.Plan.Class(host.Class)
	if class == nil {
		return parcel{}, fmt.Errorf("the bundle has no class %q", host.Class)
	}
	p.mu.Lock()
	shared, ok := p.classes[class.Name]
	if !ok {
		shared = &sharedParcel{}
		p.classes[class.Name] = shared
	}
	p.mu.Unlock()
	out := parcel{digest: host.Digest, shared: shared, class: class.Name, bundle: p.bundle, all: p, seals: p.seals}
	out.sums = []string{class.Digest + "=" + bundle.SumsPath(class.Name)}
	out.own = append([]string{bundle.EnvPath(host.Name)}, host.Files...)
	for _, path := range out.own {
		file, ok := p.bundle.Files[path]
		if !ok {
			return parcel{}, fmt.Errorf("the bundle has no %s", path)
		}
		out.sums = append(out.sums, bundle.Digest(file.Data)+"="+path)
	}
	return out, nil
}

// tar returns the parts of the archive, compressed or not.
func (p parcel) tar(zip bool) ([][]byte, error) {
	p.shared.once.Do(func() {
		paths := []string{bundle.SumsPath(p.class)}
		for _, sum := range bundle.ParseSums(p.bundle.Files[bundle.SumsPath(p.class)].Data) {
			paths = append(paths, sum.Path)
		}
		if p.shared.plain, p.shared.err = p.pack(paths); p.shared.err == nil {
			p.shared.zip, p.shared.err = compress(p.shared.plain)
		}
	})
	if p.shared.err != nil {
		return nil, p.shared.err
	}
	seal, err := p.all.packSeal(p, zip)
	if err != nil {
		return nil, err
	}
	own, err := p.pack(p.own)
	if err != nil {
		return nil, err
	}
	own = append(own, tarEnd...)
	if !zip {
		return [][]byte{p.shared.plain, seal, own}, nil
	}
	own, err = compress(own)
	return [][]byte{p.shared.zip, seal, own}, err
}

// tarEnd are two empty blocks.
var tarEnd = make([]byte, 1024)

// approvals returns the archive of the approvals alone.
func (p parcel) approvals(zip bool) ([][]byte, error) {
	seal, err := p.all.packSeal(p, zip)
	if err != nil || !zip {
		return [][]byte{seal, tarEnd}, err
	}
	end, err := compress(tarEnd)
	return [][]byte{seal, end}, err
}

// packSeal returns the tar, without its end, of the approvals and their list, which grows
// with the number of hosts: it is packed once for all of them.
func (p *parcels) packSeal(by parcel, zip bool) ([]byte, error) {
	p.seal.once.Do(func() {
		if len(p.sealed) == 0 {
			return
		}
		if p.seal.plain, p.seal.err = by.pack(p.sealed); p.seal.err == nil {
			p.seal.zip, p.seal.err = compress(p.seal.plain)
		}
	})
	if zip {
		return p.seal.zip, p.seal.err
	}
	return p.seal.plain, p.seal.err
}

// pack makes a tar without its end.
func (p parcel) pack(paths []string) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, path := range paths {
		file, ok := p.bundle.Files[path]
		if !ok {
			if file.Data = p.bundle.Outside(path); file.Data == nil {
				return nil, fmt.Errorf("the bundle has no %s", path)
			}
		}
		header := &tar.Header{Typeflag: tar.TypeReg, Name: path, Size: int64(len(file.Data)), Mode: int64(file.Perm()),
			ModTime: time.Unix(946684800, 0), Uname: "root", Gname: "root"}
		if err := w.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", path, err)
		}
		if _, err := w.Write(file.Data); err != nil {
			return nil, fmt.Errorf("pack %s: %w", path, err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

func compress(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return out.Bytes(), nil
}
