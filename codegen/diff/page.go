package diff

// Lines say what changes in a resource, and what that sets off, each in a line.
func (r *Resource) Lines() []string { return r.lines() }

// Line says what changes of the cluster.
func (f *Fact) Line() string { return factLines([]Fact{*f})[0] }

// Head says in a few lines what the change comes to.
func (r *Report) Head() []string { return r.head() }
