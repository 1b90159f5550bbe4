package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/mod/semver"
)

func newCatalog(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "catalog",
		Short: "Versions and digests of what is downloaded",
		Long:  `The catalog holds the versions of every program that can be downloaded, with a digest for each architecture. A definition can bring files of its own: catalog "./versions.hcl" {}.`,
	}
	cmd.AddCommand(newCatalogList(g), newCatalogAdd(g))
	return cmd
}

func newCatalogList(*global) *cobra.Command {
	return &cobra.Command{
		Use:     "list [COMPONENT]",
		Short:   "List the components of the library's catalog, or the versions of one",
		Example: example(`sprayc catalog list containerd`),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lib, _ := lang.LoadLibrary(stdlib.FS)
			if len(args) == 1 {
				return listVersions(cmd.OutOrStdout(), lib.Catalog, args[0])
			}
			for _, name := range sortedKeys(lib.Catalog.Components) {
				component := lib.Catalog.Components[name]
				fmt.Fprintf(cmd.OutOrStdout(), "%-22s %-12s %s\n", name, component.Default, count(len(component.Versions), "version"))
			}
			return nil
		},
	}
}

func listVersions(w io.Writer, catalog *lang.Catalog, name string) error {
	component := catalog.Components[name]
	if component == nil {
		hint := "sprayc catalog list has them all"
		if near := diag.Suggest(name, sortedKeys(catalog.Components)); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return fmt.Errorf("the catalog has no component %q; %s", name, hint)
	}
	versions := sortedKeys(component.Versions)
	slices.SortStableFunc(versions, func(a, b string) int { return semver.Compare("v"+a, "v"+b) })
	for _, version := range versions {
		fmt.Fprintf(w, "%-12s %s\n", version, strings.Join(sortedKeys(component.Versions[version]), " "))
	}
	return nil
}

func newCatalogAdd(*global) *cobra.Command {
	var arch, file, url string
	cmd := &cobra.Command{
		Use:   "add COMPONENT VERSION [FILE]",
		Short: "Add a version with its digest to a catalog file of your own",
		Long: `Add computes the SHA-256 and size of a download, from a file or from the URL that
the component has for that version, and writes them into a catalog file. Compare
the digest with what the project publishes before you commit it.`,
		Example: example(`
			sprayc catalog add containerd 2.3.5 --arch amd64
			sprayc catalog add containerd 2.3.5-own build/containerd.tar.gz --arch arm64 --url http://files.example.com/containerd.tar.gz`),
		Args: cobra.RangeArgs(2, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			lib, _ := lang.LoadLibrary(stdlib.FS)
			component := lib.Catalog.Components[args[0]]
			if component == nil && url == "" {
				return fmt.Errorf("the library has no component %q; to make one of your own give --url", args[0])
			}
			from := url
			if from == "" {
				from = strings.NewReplacer("{version}", args[1], "{arch}", arch, "{machine}", machineOf(arch)).Replace(component.URL)
			}
			source := from
			if len(args) == 3 {
				source = args[2]
			}
			digest, size, err := digestOf(source)
			if err != nil {
				return err
			}
			if err := addToCatalog(file, args[0], args[1], arch, component, url, digest, size); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: %s %s %s sha256 %s, %d bytes; use it with: catalog \"./%s\" {}\n", file, args[0], args[1], arch, digest, size, file)
			return nil
		},
	}
	cmd.Flags().StringVar(&arch, "arch", "amd64", "architecture of the download")
	cmd.Flags().StringVar(&file, "file", "versions.hcl", "the catalog file to write")
	cmd.Flags().StringVar(&url, "url", "", "where hosts download it from, if not from where the component usually is")
	return cmd
}

func machineOf(arch string) string {
	for machine, name := range archOf {
		if name == arch {
			return machine
		}
	}
	return arch
}

// digestOf reads a file or URL whole and returns its SHA-256 and size.
func digestOf(source string) (string, int64, error) {
	var r io.ReadCloser
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		resp, err := http.Get(source)
		if err != nil {
			return "", 0, fmt.Errorf("download %s: %w", source, err)
		}
		if resp.StatusCode != http.StatusOK {
			resp.Body.Close()
			return "", 0, fmt.Errorf("download %s: %s", source, resp.Status)
		}
		r = resp.Body
	} else {
		f, err := os.Open(source)
		if err != nil {
			return "", 0, err
		}
		r = f
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return "", 0, fmt.Errorf("read %s: %w", source, err)
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// addToCatalog adds an entry to a catalog file, which it makes if need be; the
// rest of the file stays as it is.
func addToCatalog(file, name, version, arch string, component *lang.Component, url, digest string, size int64) error {
	catalog := &lang.Catalog{Components: map[string]*lang.Component{}}
	if text, err := os.ReadFile(file); err == nil {
		dir := os.DirFS(".")
		if diags := lang.LoadCatalog(catalog, dir, file, file); diags.HasErrors() {
			return fmt.Errorf("%s has errors; sprayc check shows them", file)
		}
		_ = text
	} else if !os.IsNotExist(err) {
		return err
	}
	own := catalog.Components[name]
	if own == nil {
		own = &lang.Component{Name: name, Versions: map[string]map[string]lang.Digest{}}
		catalog.Components[name] = own
	}
	if component != nil {
		own.URL, own.Format = component.URL, component.Format
	} else if own.URL == "" {
		own.URL, own.Format = url, formatOf(url)
	}
	if own.Versions[version] == nil {
		own.Versions[version] = map[string]lang.Digest{}
	}
	own.Versions[version][arch] = lang.Digest{SHA256: digest, Size: size, URL: url}
	return replaceFile(file, catalogText(catalog))
}

func formatOf(url string) string {
	for _, format := range []string{"tar.gz", "tgz", "tar.xz", "zip"} {
		if strings.HasSuffix(url, "."+format) {
			return format
		}
	}
	return "binary"
}

// catalogText writes a catalog as HCL.
func catalogText(catalog *lang.Catalog) []byte {
	f := hclwrite.NewEmptyFile()
	for i, name := range sortedKeys(catalog.Components) {
		component := catalog.Components[name]
		if i > 0 {
			f.Body().AppendNewline()
		}
		body := f.Body().AppendNewBlock("component", []string{name}).Body()
		body.SetAttributeValue("url", cty.StringVal(component.URL))
		body.SetAttributeValue("format", cty.StringVal(component.Format))
		if component.Default != "" {
			body.SetAttributeValue("default", cty.StringVal(component.Default))
		}
		versions := map[string]cty.Value{}
		for version, archs := range component.Versions {
			entries := map[string]cty.Value{}
			for arch, d := range archs {
				entry := map[string]cty.Value{"sha256": cty.StringVal(d.SHA256)}
				if d.Size > 0 {
					entry["size"] = cty.NumberIntVal(d.Size)
				}
				if d.URL != "" {
					entry["url"] = cty.StringVal(d.URL)
				}
				entries[arch] = cty.ObjectVal(entry)
			}
			versions[version] = cty.ObjectVal(entries)
		}
		body.SetAttributeValue("versions", cty.ObjectVal(versions))
	}
	return hclwrite.Format(f.Bytes())
}
