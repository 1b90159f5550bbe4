package artifacts

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// released is the time of every packed file: the same programs, the same bytes.
var released = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// packBin packs as containerd's releases: bin/ and what is in it.
func packBin(programs, _, target string) error { return packTar(programs, target, "bin/", nil) }

// packFlat packs as the CNI plugins' releases: ./ and what is in it, with the
// license and a text.
func packFlat(programs, _, target string) error {
	return packTar(programs, target, "./", map[string]string{"LICENSE": "Apache License 2.0\n", "README.md": "# plugins\n"})
}

// packEtcd packs as etcd's releases: a folder with the programs and a text.
func packEtcd(programs, version, target string) error {
	return packTar(programs, target, "etcd-v"+version+"-linux-"+runtime.GOARCH+"/", map[string]string{"README.md": "# etcd\n"})
}

// packBinary is a release of one program.
func packBinary(name string) func(programs, version, target string) error {
	return func(programs, _, target string) error { return os.Link(filepath.Join(programs, name), target) }
}

func packTar(folder, target, prefix string, texts map[string]string) (err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	out, err := os.Create(target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	zip, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(zip)
	put := func(name string, kind byte, mode int64, data []byte) error {
		header := &tar.Header{Typeflag: kind, Name: name, Mode: mode, Size: int64(len(data)), ModTime: released}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err := archive.Write(data)
		return err
	}
	if err := put(prefix, tar.TypeDir, 0o755, nil); err != nil {
		return err
	}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		if err := put(prefix+entry.Name(), tar.TypeReg, 0o755, data); err != nil {
			return err
		}
	}
	for _, name := range []string{"LICENSE", "README.md"} {
		if text, ok := texts[name]; ok {
			if err := put(prefix+name, tar.TypeReg, 0o644, []byte(text)); err != nil {
				return err
			}
		}
	}
	return errors.Join(archive.Close(), zip.Close())
}
