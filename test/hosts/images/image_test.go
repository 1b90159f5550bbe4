package images

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// An image of the same files has the same digest wherever it is made, and another with
// another file; what is in it is what was asked for.
func TestLayout(t *testing.T) {
	make := func(content string, setuid bool) Image {
		t.Helper()
		cache := t.TempDir()
		program := filepath.Join(cache, "program")
		if err := os.WriteFile(program, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
		r := recipe{name: "registry.example.com/some/where", tag: "v1", files: map[string]string{"usr/bin/program": program}, scripts: map[string]string{"usr/bin/a": "#!/bin/sh\n"}, setuid: setuid, entrypoint: []string{"program"}}
		image, err := r.image(t.Context(), cache)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.image(t.Context(), cache)
		if err != nil || again != image {
			t.Errorf("made again: %+v, %v; want %+v", again, err, image)
		}
		return image
	}
	one, same, other := make("one", false), make("one", false), make("other", false)
	if one.Digest != same.Digest || one.Digest == other.Digest {
		t.Errorf("digests: %s, %s of the same, %s of another", one.Digest, same.Digest, other.Digest)
	}
	if one.Repository() != "some/where" || one.Tag() != "v1" {
		t.Errorf("%s is in %q with the tag %q", one.Reference, one.Repository(), one.Tag())
	}
	for want, image := range map[string]Image{
		"-rwxr-xr-x": one, "urwxr-xr-x": make("one", true),
	} {
		want = "drwxr-xr-x usr/ \ndrwxr-xr-x usr/bin/ \n-rwxr-xr-x usr/bin/a #!/bin/sh\n\n" + want + " usr/bin/program one\n"
		if got := content(t, image); got != want {
			t.Errorf("the layer has\n%s\nwant\n%s", got, want)
		}
	}
}

// content is what the only layer of an image has.
func content(t *testing.T, image Image) string {
	t.Helper()
	m, err := image.manifest()
	if err != nil || len(m.Layers) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	file, err := os.Open(image.blob(m.Layers[0].Digest))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for archive := tar.NewReader(unzip); ; {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		got += header.FileInfo().Mode().String() + " " + header.Name + " " + string(text) + "\n"
	}
	return got
}

func TestMirror(t *testing.T) {
	list := []Image{{Reference: "registry.k8s.io/pause:3"}, {Reference: "ghcr.io/a/b:1"}, {Reference: "registry.k8s.io/etcd:3"}}
	want := `mirror {
  files = "http://192.0.2.1"

  registry "ghcr.io" {
    endpoint = "http://192.0.2.1:5000"
  }

  registry "registry.k8s.io" {
    endpoint = "http://192.0.2.1:5000"
  }
}
`
	if got := Mirror("http://192.0.2.1", "http://192.0.2.1:5000", list); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
