package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/codegen/origin"
)

//go:embed web
var web embed.FS

// scripts are the parts of the page's script, in order.
var scripts = []string{"start.js", "files.js", "hosts.js", "tables.js", "search.js", "keys.js"}

// view is all that the template shows.
type view struct {
	Policy string
	Style  template.CSS
	Script template.JS

	Cluster  string
	Digest   string
	Writer   string // the version of sprayc that built the bundle
	Hosts    int
	Library  *audit.Library // nil: not compared
	Tiles    []tile
	Changes  *changes // nil without an older bundle
	Graph    graph
	Sections []section
	Values   []value
	Classes  []class
	Modules  []module
	Groups   []fileGroup
	Data     data
}

// Write writes the page of a bundle. An older bundle, if there is one, makes it say
// what has changed since; library, if it was compared, whether run.sh and lib/ are a
// release's own. The error is of a bundle that is not in the form that sprayc
// writes, or of w.
func Write(w io.Writer, b, old *bundle.Bundle, library *audit.Library) error {
	v, err := viewOf(b, old)
	if err != nil {
		return err
	}
	v.Library = library
	style, script, err := assets()
	if err != nil {
		return err
	}
	v.Style, v.Script = template.CSS(style), template.JS(script)
	v.Policy = fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'", hash(script), hash(style))
	page, err := template.New("page.html").Funcs(funcs()).ParseFS(web, "web/*.html")
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		return fmt.Errorf("make the page: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// funcs are what the templates call.
func funcs() template.FuncMap {
	return template.FuncMap{
		"anchor": func(parts ...string) template.URL { return template.URL("#" + strings.Join(parts, "")) },
		"line":   line,
		"upper":  func(s string) string { return strings.ToUpper(s[:1]) + s[1:] },
		"breaks": func(s string) template.HTML {
			return template.HTML(strings.NewReplacer(".", ".<wbr>", "&#43;", "&#43;<wbr>", "_", "_<wbr>").Replace(template.HTMLEscapeString(s)))
		},
		"rem":  func(units int) string { return fmt.Sprintf("%grem", float64(units)/16) },
		"add":  func(a, b int) int { return a + b },
		"less": func(a, b int) int { return a - b },
		"count": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return fmt.Sprintf("%d %s", n, many)
		},
	}
}

// assets are the page's style and script.
func assets() (style, script string, err error) {
	text, err := web.ReadFile("web/page.css")
	if err != nil {
		return "", "", err
	}
	var all bytes.Buffer
	for _, name := range scripts {
		part, err := web.ReadFile("web/" + name)
		if err != nil {
			return "", "", err
		}
		all.Write(part)
	}
	return string(text), "'use strict';\n" + all.String(), nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// viewOf gathers what the page shows.
func viewOf(b, old *bundle.Bundle) (*view, error) {
	report, err := audit.Of(b)
	if err != nil {
		return nil, err
	}
	finder, err := origin.Of(b)
	if err != nil {
		return nil, err
	}
	v := &view{
		Cluster: line(b.Plan.Cluster), Digest: b.Digest(), Writer: line(b.Plan.Version), Hosts: len(b.Plan.Hosts),
		Graph: graphOf(b), Sections: sectionsOf(report), Values: valuesOf(report), Classes: classesOf(b), Modules: modulesOf(report),
	}
	if v.Groups, v.Data.Files, v.Data.Names, err = filesOf(b, old, finder); err != nil {
		return nil, err
	}
	if v.Data.Hosts, err = hostsOf(b); err != nil {
		return nil, err
	}
	if old != nil {
		changed, err := diff.Between(old, b)
		if err != nil {
			return nil, err
		}
		before, err := audit.Of(old)
		if err != nil {
			return nil, err
		}
		v.Changes = changesOf(changed, old.Digest())
		v.Changes.Gone = compare(v.Sections, report, before, b, old)
	}
	v.Tiles = tilesOf(report, v.Changes)
	return v, nil
}

// data is what the page's script works on.
type data struct {
	Files []fileData `json:"files"`
	Names []name     `json:"names"`
	Hosts hostData   `json:"hosts"`
}

// tile is a number that one wants to know first.
type tile struct {
	Number int
	Text   string
	Link   string
	Tone   string // "", "good", "warn", "bad"
}

// tilesOf are the sections of the audit, by how many effects are in each.
func tilesOf(report *audit.Report, c *changes) []tile {
	var list []tile
	for _, count := range report.Summary {
		t := tile{Number: count.Count, Text: count.Title, Link: "effects-" + string(count.Section)}
		switch count.Section {
		case audit.Undeclared:
			t.Tone = "bad"
		case audit.Security, audit.Irreversible:
			t.Tone = "warn"
		}
		if count.Count == 0 {
			t.Tone, t.Link = "good", ""
		}
		list = append(list, t)
	}
	return list
}
