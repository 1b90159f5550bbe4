package page

import (
	"strings"

	"github.com/sprayc/sprayc/codegen/diff"
)

// changes is what has changed since the older bundle.
type changes struct {
	Digest   string // of the older bundle
	Empty    bool
	Head     []string
	Groups   []group
	Stands   []notice // security changes and irreversible ones
	Cluster  []string
	Parts    []part
	Gone     []effect // what the older bundle did and this one does not
	Resource int      // how many of the parts are resources
}

// group is hosts on which the same changes.
type group struct {
	Who     string
	Set     string
	Happens []string
	Changes []string
	More    int
	Spared  []string
	Stops   bool // something that serves is interrupted, or the host restarts
}

type notice struct{ What, Why, Set string }

// part is one resource, check or file that differs.
type part struct {
	Sort  string
	Op    string
	Title string
	Lines []string
	Diffs []diffText
}

type diffText struct {
	Title string
	Lines []diffLine
}

type diffLine struct{ Op, Text string }

func changesOf(r *diff.Report, old string) *changes {
	c := &changes{Digest: old, Empty: r.Empty()}
	for _, text := range r.Head() {
		c.Head = append(c.Head, line(text))
	}
	for i := range r.Groups {
		g := &r.Groups[i]
		c.Groups = append(c.Groups, group{
			Who: line(g.Who), Set: line(g.Set), Happens: lines(g.Happens), Changes: lines(g.Changes), More: g.More, Spared: lines(g.Spared),
			Stops: g.Token || g.Reboot,
		})
	}
	for _, list := range [][]diff.Notice{r.Security, r.Irreversible} {
		for _, n := range list {
			c.Stands = append(c.Stands, notice{line(n.What), line(n.Why), line(n.Set)})
		}
	}
	for i := range r.Cluster {
		c.Cluster = append(c.Cluster, line(r.Cluster[i].Line()))
	}
	for i := range r.Resources {
		c.Parts = append(c.Parts, resourcePart("resource", &r.Resources[i]))
	}
	c.Resource = len(c.Parts)
	for i := range r.Checks {
		c.Parts = append(c.Parts, resourcePart("check", &r.Checks[i]))
	}
	for i := range r.Scripts {
		c.Parts = append(c.Parts, filePart("module's script", &r.Scripts[i]))
	}
	for i := range r.Library {
		c.Parts = append(c.Parts, filePart("shell library", &r.Library[i]))
	}
	return c
}

func resourcePart(sort string, r *diff.Resource) part {
	p := part{Sort: sort, Op: string(r.Op), Title: line(r.Title()), Lines: lines(r.Lines())}
	for _, t := range r.Texts {
		title := t.Field
		if t.Host != "" {
			title += " on " + t.Host
		}
		p.Diffs = append(p.Diffs, diffText{line(title), diffLines(t.Diff)})
	}
	return p
}

func filePart(sort string, f *diff.File) part {
	p := part{Sort: sort, Op: string(f.Op), Title: line(f.Path)}
	for _, use := range f.Used {
		p.Lines = append(p.Lines, line("for "+use))
	}
	if f.Diff != "" {
		p.Diffs = []diffText{{line(f.Path), diffLines(f.Diff)}}
	}
	return p
}

// diffLines are the lines of a unified diff, with what each is.
func diffLines(text string) []diffLine {
	var list []diffLine
	for l := range strings.Lines(text) {
		l = visible(strings.TrimSuffix(l, "\n"))
		op := ""
		switch {
		case strings.HasPrefix(l, "@@"):
			op = "at"
		case strings.HasPrefix(l, "+++"), strings.HasPrefix(l, "---"):
			op = "name"
		case strings.HasPrefix(l, "+"):
			op = "plus"
		case strings.HasPrefix(l, "-"):
			op = "minus"
		}
		list = append(list, diffLine{op, l})
	}
	return list
}

func lines(list []string) []string {
	var all []string
	for _, text := range list {
		all = append(all, line(text))
	}
	return all
}
