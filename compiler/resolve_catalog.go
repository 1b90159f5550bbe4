package compiler

import (
	"os"
	"path"
	"path/filepath"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// resolveCatalog puts the definition's own catalog files over the library's.
func (c *compiler) resolveCatalog() {
	c.catalog = c.lib.Catalog
	if len(c.def.Catalogs) == 0 {
		return
	}
	c.catalog = c.lib.Catalog.Clone()
	for _, b := range c.def.Catalogs {
		if len(b.Labels) != 1 {
			continue
		}
		name := b.Labels[0]
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(c.def.Dir, name)
		}
		dir, base := filepath.Split(file)
		shown := path.Join(c.def.Dir, name)
		text, err := os.ReadFile(file)
		if err != nil {
			c.err(diag.UnreadableFile, b.LabelSpan[0], "no catalog file "+shown, "")
			continue
		}
		c.def.Sources[shown] = text
		for _, d := range lang.LoadCatalog(c.catalog, os.DirFS(filepath.Clean(dir+".")), base, shown) {
			c.report(d)
		}
	}
}

// catalogValue is what `catalog` is in expressions: for each component its
// default version and the list of all.
func (c *compiler) catalogValue() cty.Value {
	components := map[string]cty.Value{}
	for name, component := range c.catalog.Components {
		versions := cty.ListValEmpty(cty.String)
		if len(component.Versions) > 0 {
			var list []cty.Value
			for _, v := range sortedKeys(component.Versions) {
				list = append(list, cty.StringVal(v))
			}
			versions = cty.ListVal(list)
		}
		def := cty.NullVal(cty.String)
		if component.Default != "" {
			def = cty.StringVal(component.Default)
		}
		components[name] = cty.ObjectVal(map[string]cty.Value{"default": def, "versions": versions})
	}
	return cty.ObjectVal(components)
}
