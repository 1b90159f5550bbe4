package origin

// Answer says where one thing of a bundle comes from.
type Answer struct {
	Of       string    `json:"of"`             // what was asked: "steps/containerd/daemon.sh:15", "worker01:/etc/x"
	What     string    `json:"what"`           // what it is: "file /etc/x", "content of file /etc/x"
	Note     string    `json:"note,omitempty"` // what else to know
	Path     string    `json:"path,omitempty"` // in the bundle
	Line     int       `json:"line,omitempty"`
	Text     string    `json:"text,omitempty"` // of that line
	Step     *Step     `json:"step,omitempty"`
	Values   []Value   `json:"values,omitempty"`
	Classes  []string  `json:"classes,omitempty"` // whose scripts have it
	Hosts    []string  `json:"hosts,omitempty"`
	Restarts []Restart `json:"restarts,omitempty"` // if it changes
}

// Step is the step that a script is of.
type Step struct {
	Name    string `json:"name"`
	Summary string `json:"summary,omitempty"`
	Stage   string `json:"stage,omitempty"`
	Place   string `json:"place"` // FILE:LINE:COLUMN of the module
	Names   []Name `json:"names,omitempty"`
}

// Value is a value of the answer: where it enters the bundle, and what it is made from.
type Value struct {
	Name  string `json:"name"`            // the argument, or "resource": that it is there at all
	Path  string `json:"path,omitempty"`  // where it stands in the bundle
	Line  int    `json:"line,omitempty"`  // there
	Text  string `json:"text,omitempty"`  // short
	Place string `json:"place,omitempty"` // FILE:LINE:COLUMN of the module
	Names []Name `json:"names,omitempty"`

	// Template is the line of the template that a line of a content comes from, FILE:LINE;
	// Names are then those that something on that line is made from.
	Template string `json:"template,omitempty"`
}

// Name is something with a name that a value is made from.
type Name struct {
	Name   string `json:"name"`
	How    How    `json:"how"`
	Place  string `json:"place,omitempty"`  // FILE:LINE:COLUMN or FILE; of the definition with a line only where that is at hand
	Text   string `json:"text,omitempty"`   // a default; the line of the definition, where that is at hand
	Reason string `json:"reason,omitempty"` // what is said of it where it is declared
}

// How is what a name is to a value.
type How string

// What a name can be, as answers have them in order.
const (
	Set     How = "set"     // the definition says it
	Default How = "default" // nobody has set it
	From    How = "from"    // a file, a catalog, a value that is known only while running
	Through How = "through" // what lies between
)

// Restart is a reaction to a change.
type Restart struct {
	Resource   string `json:"resource"`             // "service containerd.service"
	Reaction   string `json:"reaction"`             // "restart", "reload"
	Disruptive bool   `json:"disruptive,omitempty"` // a token of each of the host's roles is taken for it
}
