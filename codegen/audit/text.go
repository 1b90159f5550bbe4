package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Text returns the report for people, in plain lines.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cluster %s\n", visible(r.Cluster))
	for _, role := range r.Roles {
		role.write(&b)
	}
	return b.String()
}

func (r *Role) write(b *strings.Builder) {
	fmt.Fprintf(b, "\nrole %s, %s: %s\n", visible(r.Name), count(len(r.Hosts), "host"), bundle.HostSet(r.Hosts))
	for _, kind := range r.Kinds {
		fmt.Fprintf(b, "\n  %s\n", kind.Name)
		for _, item := range kind.Items {
			line := visible(item.Name)
			if len(item.Detail) > 0 {
				line += "  " + visible(strings.Join(item.Detail, ", "))
			}
			fmt.Fprintf(b, "    %s  [%s, %s]\n", line, item.Step, visible(item.Source))
			if len(item.Classes) > 0 {
				fmt.Fprintf(b, "      only on %s\n", strings.Join(item.Classes, ", "))
			}
		}
	}
	if len(r.Downloads) > 0 {
		b.WriteString("\n  downloads\n")
		for _, d := range r.Downloads {
			fmt.Fprintf(b, "    %s  sha256 %s  [%s]\n", visible(d.URL), visible(d.SHA256), d.Step)
		}
	}
	if len(r.Scripts) > 0 {
		b.WriteString("\n  scripts of the modules' own, and the programs that they may run beside the usual\n")
		for _, run := range r.Scripts {
			commands := "none"
			if len(run.Commands) > 0 {
				commands = strings.Join(run.Commands, ", ")
			}
			fmt.Fprintf(b, "    %s  %s: %s  [%s]\n", run.Path, run.Use, visible(commands), run.Step)
		}
	}
	if len(r.Aside) > 0 {
		b.WriteString("\n  run for its hosts by another\n")
		for _, aside := range r.Aside {
			fmt.Fprintf(b, "    %s  on one of %s\n", visible(aside.Step), bundle.HostSet(aside.Hosts))
		}
	}
	if len(r.Interrupts) > 0 {
		b.WriteString("\n  interrupts what serves, within the role's budget\n")
		for _, stop := range r.Interrupts {
			fmt.Fprintf(b, "    %s\n", visible(stop))
		}
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// visible escapes what would break a line or drive a terminal.
func visible(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}
