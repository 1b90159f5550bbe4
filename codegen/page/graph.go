package page

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// graph is the order of the steps: a row for each, by stage, a column for each class,
// and the edges between them as arcs beside the rows.
type graph struct {
	Columns []column
	Rows    []row
	Arcs    []arc
	Width   int // of the arcs' picture; 16 units are one rem
	Height  int
}

// column is a class.
type column struct {
	Name  string
	Hosts int
	Set   string
}

// row is a stage's head, or a step.
type row struct {
	Stage   string // of a head
	Steps   int    // of the stage
	Name    string
	ID      string
	Summary string
	Source  string
	Flags   []string
	Waits   []string // for what on other hosts, in words
	After   []string
	Cells   []cell
}

// cell says what a class has of a step.
type cell struct {
	Path  string // of the script; "" when the class does not run it
	Mark  string // which variant, when there are several
	Says  string // for those who do not see the mark
	Aside bool   // other hosts run it for this class
}

// arc is an edge between two steps, as a path.
type arc struct {
	Path  string
	Class string // how it looks: "host" between hosts, "own" within one
	From  string // ids of rows
	To    string
}

// tall is how many units of the picture a row has: 2.25 rem, as the style says.
const tall = 36

func graphOf(b *bundle.Bundle) graph {
	g := graph{}
	for i := range b.Plan.Classes {
		c := &b.Plan.Classes[i]
		names := hostsOfClass(b, c.Name)
		g.Columns = append(g.Columns, column{Name: line(c.Name), Hosts: len(names), Set: bundle.HostSet(names)})
	}
	at := map[string]int{} // row of a step
	for _, stage := range b.Plan.Stages {
		head := -1
		for i := range b.Plan.Steps {
			step := &b.Plan.Steps[i]
			if step.Stage != stage {
				continue
			}
			if head < 0 {
				head = len(g.Rows)
				g.Rows = append(g.Rows, row{Stage: line(stage)})
			}
			g.Rows[head].Steps++
			at[step.Name] = len(g.Rows)
			g.Rows = append(g.Rows, rowOf(b, step))
		}
	}
	g.Arcs, g.Width = arcsOf(b, at)
	g.Height = tall * len(g.Rows)
	return g
}

func rowOf(b *bundle.Bundle, step *bundle.Step) row {
	r := row{Name: line(step.Name), ID: stepID(step.Name), Summary: line(step.Summary), Source: line(step.Source)}
	if step.OncePer != "" {
		r.Flags = append(r.Flags, "once per "+line(step.OncePer))
	}
	if step.Disruptive {
		r.Flags = append(r.Flags, "interrupts")
	}
	for _, name := range step.Outputs {
		r.Flags = append(r.Flags, "reads "+line(name))
	}
	for _, need := range step.Needs {
		r.Waits = append(r.Waits, waits(&need))
	}
	for _, name := range step.After {
		r.After = append(r.After, line(name))
	}
	marks := marksOf(b, step.Name)
	for i := range b.Plan.Classes {
		class := &b.Plan.Classes[i]
		c := cell{}
		for _, use := range class.Steps {
			if use.Step == step.Name {
				c = cell{Path: use.Script, Mark: marks[use.Script], Says: "runs on " + class.Name, Aside: step.About}
				if step.About {
					c.Says = "run for " + class.Name + " by " + step.Executor
				}
			}
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// waits says what a step waits for on other hosts.
func waits(n *bundle.Need) string {
	text := n.Step + " on " + strings.Join(n.Roles, ", ")
	if n.Output != "" {
		text += ", for " + n.Output
	}
	if n.Gate == "runner" {
		text += ", held by the runner"
	}
	return line(text)
}

// marksOf names the variants of a step, a, b, ..., when there are several.
func marksOf(b *bundle.Bundle, step string) map[string]string {
	marks := map[string]string{}
	for i := range b.Plan.Classes {
		for _, use := range b.Plan.Classes[i].Steps {
			if use.Step == step && marks[use.Script] == "" {
				marks[use.Script] = fmt.Sprint(len(marks) + 1)
			}
		}
	}
	if len(marks) == 1 {
		return nil
	}
	return marks
}

// edge is an edge between two rows.
type edge struct {
	from, to int
	class    string
}

// arcsOf draws the edges, the short ones near the rows, and returns how wide they are.
func arcsOf(b *bundle.Bundle, at map[string]int) ([]arc, int) {
	between := map[[2]int]string{}
	for i := range b.Plan.Steps {
		step := &b.Plan.Steps[i]
		for _, name := range step.After {
			if from, ok := at[name]; ok && between[[2]int{from, at[step.Name]}] == "" {
				between[[2]int{from, at[step.Name]}] = "own"
			}
		}
		for _, need := range step.Needs {
			if from, ok := at[need.Step]; ok {
				between[[2]int{from, at[step.Name]}] = "host"
			}
		}
	}
	var edges []edge
	for ends, class := range between {
		edges = append(edges, edge{ends[0], ends[1], class})
	}
	sort.Slice(edges, func(i, j int) bool {
		a, b := edges[i], edges[j]
		if x, y := abs(a.to-a.from), abs(b.to-b.from); x != y {
			return x < y
		}
		return a.from < b.from || a.from == b.from && a.to < b.to
	})
	ids := map[int]string{}
	for name, row := range at {
		ids[row] = stepID(name)
	}
	var lanes [][]edge
	lane := make([]int, len(edges))
	for i, e := range edges {
		for lane[i] < len(lanes) && overlaps(lanes[lane[i]], e) {
			lane[i]++
		}
		if lane[i] == len(lanes) {
			lanes = append(lanes, nil)
		}
		lanes[lane[i]] = append(lanes[lane[i]], e)
	}
	width := 24 + 12*len(lanes)
	var arcs []arc
	for i, e := range edges {
		x := width - 16 - 12*lane[i]
		arcs = append(arcs, arc{Path: draw(width, x, e), Class: e.class, From: ids[e.from], To: ids[e.to]})
	}
	return arcs, width
}

// draw is the path of an edge from a row to another, by way of x.
func draw(width, x int, e edge) string {
	y1, y2 := e.from*tall+tall/2+4, e.to*tall+tall/2-4
	turn := 6
	if y2 < y1 {
		turn = -6
	}
	return fmt.Sprintf("M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", width-2, y1, x+6, x, y1, x, y1+turn, y2-turn, x, y2, x+6, y2, width-6)
}

// overlaps reports whether an edge has no room in a lane.
func overlaps(lane []edge, e edge) bool {
	low, high := min(e.from, e.to), max(e.from, e.to)
	for _, other := range lane {
		if low < max(other.from, other.to) && min(other.from, other.to) < high {
			return true
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }

func stepID(step string) string { return "step-" + strings.ReplaceAll(step, "/", "-") }

func hostsOfClass(b *bundle.Bundle, class string) []string {
	var names []string
	for i := range b.Plan.Hosts {
		if b.Plan.Hosts[i].Class == class {
			names = append(names, b.Plan.Hosts[i].Name)
		}
	}
	return names
}
