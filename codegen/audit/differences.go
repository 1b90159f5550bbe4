package audit

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// difference is a value that is not the same on all hosts.
type difference struct {
	name, of string
	digests  int         // how many there are, where it is but a digest of others
	forms    [][2]string // the hosts, and what sets theirs apart
}

// differences are what differs between hosts, each value once.
func (r *Report) differences() []difference {
	var all []difference
	for i := range r.Values {
		v := &r.Values[i]
		d := difference{name: v.Name, of: strings.Join(v.Of, "; ")}
		if v.digests() {
			d.digests = len(v.Forms)
		} else {
			lines := v.lines()
			for j, form := range v.Forms {
				d.forms = append(d.forms, [2]string{bundle.HostSet(form.Hosts), lines[j]})
			}
		}
		all = append(all, d)
	}
	return all
}

var digest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// digests reports whether a value is but a digest of others, which tell more.
func (v *Value) digests() bool {
	return !slices.ContainsFunc(v.Forms, func(form Form) bool { return !digest.MatchString(form.Text) })
}

// lines tells each form by what sets it apart from the others.
func (v *Value) lines() []string {
	texts := make([]string, len(v.Forms))
	for i, form := range v.Forms {
		texts[i] = form.Text
	}
	if strings.Contains(strings.Join(texts, ""), "\n") {
		return byLines(texts)
	}
	before, after := common(texts)
	lines := make([]string, len(texts))
	for i, text := range texts {
		lines[i] = text[len(before) : len(text)-len(after)]
		if lines[i] == "" {
			lines[i] = "nothing"
		}
		if before != "" {
			lines[i] = "..." + lines[i]
		}
		if after != "" {
			lines[i] += "..."
		}
	}
	return lines
}

// common returns what all texts begin and end with, up to a word's edge.
func common(texts []string) (before, after string) {
	before, after = texts[0], texts[0]
	for _, text := range texts[1:] {
		for !strings.HasPrefix(text, before) {
			before = before[:len(before)-1]
		}
		for !strings.HasSuffix(text, after) {
			after = after[1:]
		}
	}
	for before != "" && wordByte(before[len(before)-1]) {
		before = before[:len(before)-1]
	}
	for after != "" && wordByte(after[0]) {
		after = after[1:]
	}
	for _, text := range texts {
		if len(before)+len(after) > len(text) {
			after = after[len(before)+len(after)-len(text):]
		}
	}
	if len(before) < 24 {
		before = ""
	}
	if len(after) < 24 {
		after = ""
	}
	return before, after
}

// byLines tells texts of many lines by the lines that not all of them have.
func byLines(texts []string) []string {
	have := map[string]int{}
	for _, text := range texts {
		for line := range distinctLines(text) {
			have[line]++
		}
	}
	lines := make([]string, len(texts))
	for i, text := range texts {
		var own []string
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if n := have[line]; n > 0 && n < len(texts) {
				own = append(own, line)
			}
		}
		lines[i] = fmt.Sprintf("%d bytes", len(text))
		if len(own) > 0 {
			lines[i] += ", with " + strings.Join(own, " | ")
		}
	}
	return lines
}

func distinctLines(text string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		set[strings.TrimSpace(line)] = true
	}
	return set
}

// addressRuns are the addresses of a class's hosts, one after another as ranges.
func (c *Class) addressRuns() string {
	var runs []string
	var first, last netip.Addr
	flush := func() {
		switch {
		case !first.IsValid():
		case first == last:
			runs = append(runs, first.String())
		default:
			runs = append(runs, first.String()+" to "+last.String())
		}
	}
	for _, text := range c.Addresses {
		address, err := netip.ParseAddr(text)
		if err != nil {
			flush()
			first, last = netip.Addr{}, netip.Addr{}
			runs = append(runs, visible(text))
			continue
		}
		if first.IsValid() && last.Next() == address {
			last = address
			continue
		}
		flush()
		first, last = address, address
	}
	flush()
	return strings.Join(runs, ", ")
}
