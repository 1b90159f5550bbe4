package page

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// section is a table of effects.
type section struct {
	ID    string
	Title string
	Rows  []effect

	New, Changed int // of them, since the older bundle
}

// effect is a row of such a table.
type effect struct {
	What    string
	Action  string
	Subject string
	Why     []string // for security, irreversible
	Fields  []pair
	Stays   string
	On      string
	Origins []place
	Since   string // since the older bundle: "new", "changed" or ""
}

type pair struct{ Name, Value string }

// place is where something comes from: a link into the page, and what lies behind it.
type place struct {
	Link   string // PATH:LINE of the bundle
	Behind []string
}

func sectionsOf(r *audit.Report) []section {
	var list []section
	for _, count := range r.Summary {
		s := section{ID: string(count.Section), Title: count.Title}
		for i := range r.Effects {
			if e := &r.Effects[i]; e.Section == count.Section {
				s.Rows = append(s.Rows, effectOf(e))
			}
		}
		list = append(list, s)
	}
	return list
}

func effectOf(e *audit.Effect) effect {
	row := effect{What: line(e.Category), Action: line(e.Action), Subject: line(e.Subject), Stays: line(e.Stays), On: line(strings.TrimPrefix(e.Whom(), "on "))}
	for _, why := range []string{e.Security, e.Irreversible} {
		if why != "" {
			row.Why = append(row.Why, line(why))
		}
	}
	for _, f := range e.Fields {
		row.Fields = append(row.Fields, pair{line(f.Name), line(f.Value)})
	}
	for i := range e.Origins {
		row.Origins = append(row.Origins, placeOf(&e.Origins[i]))
	}
	return row
}

func placeOf(o *audit.Origin) place {
	p := place{Link: fmt.Sprintf("%s:%d", o.Script, o.Line)}
	if o.Own != "" {
		p.Link = fmt.Sprintf("%s:%d", o.Own, o.OwnLine)
	}
	if _, behind, ok := strings.Cut(o.String(), " < "); ok {
		for _, part := range strings.Split(behind, " < ") {
			p.Behind = append(p.Behind, line(part))
		}
	}
	return p
}

// value is what differs between hosts.
type value struct {
	Name  string
	Of    []string
	Forms []form
}

type form struct {
	Hosts string
	Count int
	Text  string
}

func valuesOf(r *audit.Report) []value {
	var list []value
	for i := range r.Values {
		v := value{Name: line(r.Values[i].Name)}
		for _, of := range r.Values[i].Of {
			v.Of = append(v.Of, line(of))
		}
		for _, f := range r.Values[i].Forms {
			v.Forms = append(v.Forms, form{bundle.HostSet(f.Hosts), len(f.Hosts), visible(f.Text)})
		}
		list = append(list, v)
	}
	return list
}

// module is a module that the bundle was made from.
type module struct{ Name, Path, Summary, Definition string }

func modulesOf(r *audit.Report) []module {
	var list []module
	for _, m := range r.Modules {
		list = append(list, module{line(m.Name), line(m.Path), line(m.Summary), line(m.Definition)})
	}
	return list
}
