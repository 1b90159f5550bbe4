package diag

// StepFailed is a step that failed on a host.
var StepFailed = &Kind{ID: "step-failed", Summary: "step failed", Doc: "A step failed on a host. The label says which host and why."}

var runnerKinds = []*Kind{StepFailed}
