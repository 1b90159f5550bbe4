package audit

// sections are the parts of a report in order, with what people call them.
var sections = []struct {
	name  Section
	title string
}{
	{Undeclared, "done by modules' own shell, and declared by nothing"},
	{Security, "changes to the hosts' security"},
	{Irreversible, "cannot be taken back"},
	{Network, "downloads and connections"},
	{Commands, "scripts that run as root, with their programs"},
	{Changes, "all else that changes"},
}

func rank(section Section) int {
	for i := range sections {
		if sections[i].name == section {
			return i
		}
	}
	return len(sections)
}

// network are the categories of what goes over the network.
var network = map[string]bool{"fetch": true, "connection": true}

// classify puts an effect into its section.
func (a *auditor) classify(e *Effect) {
	if e.Security == "" {
		e.Security = a.security(e)
	}
	switch {
	case e.Section != "": // undeclared
	case e.Security != "":
		e.Section = Security
	case e.Irreversible != "":
		e.Section = Irreversible
	case network[e.Category]:
		e.Section = Network
	case e.Category == "script" || e.Category == "command":
		e.Section = Commands
	default:
		e.Section = Changes
	}
}
