package lang

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkLoad reads a definition in which each host has a block of its own.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		for _, broken := range []bool{false, true} {
			b.Run(fmt.Sprintf("hosts=%d/broken=%v", n, broken), func(b *testing.B) {
				var text strings.Builder
				text.WriteString("cluster \"prod\" {}\n")
				for i := range n {
					fmt.Fprintf(&text, "host \"w%d\" {\n  address = cidrhost(\"10.0.0.0/16\", host.index)\n  roles = [\"worker\"]\n  os = \"debian-12\"\n  arch = \"amd64\"\n  labels = { \"disk\" = \"nvme\" }\n}\n", i)
				}
				if broken {
					text.WriteString("ssh { user = }\n")
				}
				name := filepath.Join(b.TempDir(), "a.hcl")
				if err := os.WriteFile(name, []byte(text.String()), 0o644); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(text.Len()))
				for b.Loop() {
					def, diags := Load([]string{name}, Options{})
					if len(def.Host) != n || diags.HasErrors() != broken {
						b.Fatal(messages(diags))
					}
				}
			})
		}
	}
}

func BenchmarkLoadLibrary(b *testing.B) {
	fsys := os.DirFS("../stdlib")
	for b.Loop() {
		if _, diags := LoadLibrary(fsys); diags.HasErrors() {
			b.Fatal(messages(diags))
		}
	}
}
