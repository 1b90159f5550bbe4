package artifacts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// released is the time of every packed file: the same programs, the same bytes.
var released = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// packBin packs as containerd's releases: bin/ and what is in it.
func packBin(r recipe, folder string) ([]byte, error) { return packTar(folder, "bin/", nil) }

// packFlat packs as the CNI plugins' releases: ./ and what is in it, with the
// license and a text.
func packFlat(r recipe, folder string) ([]byte, error) {
	return packTar(folder, "./", map[string]string{"LICENSE": "Apache License 2.0\n", "README.md": "# plugins\n"})
}

// packBinary is a release of one program.
func packBinary(r recipe, folder string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 {
		return nil, fmt.Errorf("%s: expected one program, found %d", r.component, len(entries))
	}
	return os.ReadFile(filepath.Join(folder, entries[0].Name()))
}

func packTar(folder, prefix string, texts map[string]string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
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
		return nil, err
	}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		if err := put(prefix+entry.Name(), tar.TypeReg, 0o755, data); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"LICENSE", "README.md"} {
		if text, ok := texts[name]; ok {
			if err := put(prefix+name, tar.TypeReg, 0o644, []byte(text)); err != nil {
				return nil, err
			}
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
