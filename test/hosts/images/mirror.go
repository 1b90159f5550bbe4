package images

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mirror is the mirror block of a definition whose hosts find files and images at these
// URLs.
func Mirror(files, registry string, list []Image) string {
	hosts := map[string]bool{}
	for _, image := range list {
		host, _, _ := strings.Cut(image.Reference, "/")
		hosts[host] = true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mirror {\n  files = %q\n", files)
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		fmt.Fprintf(&b, "\n  registry %q {\n    endpoint = %q\n  }\n", host, registry)
	}
	b.WriteString("}\n")
	return b.String()
}
